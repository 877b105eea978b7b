import { contains } from './character-set.ts';
import { Execution } from './execution.ts';
import { Meter } from './meter.ts';
import type { Program, SearchOptions } from './program.ts';
import { widthAt } from './steps.ts';

/** Searches one text for the matches of one program. */
export class Matcher {
  readonly #program: Program;
  readonly #text: string;
  readonly #options: SearchOptions;
  readonly #meter: Meter;
  readonly #execution: Execution;

  /** `charge` hears of the work, in instructions, and throws when it is too much. */
  constructor(program: Program, text: string, options: SearchOptions, charge: (work: number) => void) {
    this.#program = program;
    this.#text = text;
    this.#options = options;
    this.#meter = new Meter(charge);
    this.#execution = new Execution(program, text, options, this.#meter);
  }

  /** Where the match and its groups are: 2n is where group n begins, 2n + 1 where it ends, -1 if it took no part. */
  get slots(): readonly number[] {
    return this.#execution.slots;
  }

  /** Looks for the next match from a position on. */
  find(from: number): boolean {
    const execution = this.#execution;
    execution.begin(from);
    let start = this.#nextStart(from, from);
    while (start !== -1) {
      if (execution.matchesAt(start)) break;
      start = start >= this.#text.length ? -1 : this.#nextStart(start + widthAt(this.#text, start), from);
    }
    this.#meter.settle();
    return start !== -1 || (this.#options.longest && execution.takeLongest());
  }

  /** The next position at which a match may begin; -1 if there is none. */
  #nextStart(from: number, searchStart: number): number {
    const { isAtStart, isAtSearchStart, prefix, first } = this.#program.hints;
    const text = this.#text;
    if ((isAtStart && from > 0) || (isAtSearchStart && from > searchStart)) return -1;
    let position = from;
    if (prefix !== '') position = text.indexOf(prefix, from);
    else if (first !== undefined) {
      while (position < text.length && !contains(first, text.codePointAt(position) ?? 0)) {
        position += widthAt(text, position);
      }
      if (position >= text.length) position = -1;
    }
    this.#meter.fuel -= ((position === -1 ? text.length : position) - from) >> 3;
    return position;
  }
}
