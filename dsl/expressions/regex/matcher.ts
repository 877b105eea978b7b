import { contains } from './character-set.ts';
import { Memo } from './memo.ts';
import { holdsAt } from './places.ts';
import type { Instruction, Program } from './program.ts';
import { endOfReference } from './end-of-reference.ts';
import { endOfMany, stepBack, widthAt } from './steps.ts';

/** jq's flags that concern the search and not the pattern. */
export interface SearchOptions {
  /** The longest of all matches, not the first. */
  readonly longest: boolean;
  readonly notEmpty: boolean;
}

interface Frame {
  readonly returnTo: number;
  readonly caller: number;
  /** Of the slots that are not groups', as they were at the call. */
  readonly slots: readonly number[];
}

// Work before failures are remembered, which most searches never come near; and how often work is charged.
const patience = 10_000;
const chunk = 1_000;

/**
 * Finds matches of one program in one text by backtracking, with a stack of its own. `charge` hears of the work, in
 * instructions, and throws when it is too much.
 */
export class Matcher {
  readonly #program: Program;
  readonly #text: string;
  readonly #options: SearchOptions;
  readonly #charge: (work: number) => void;
  /** Positions: 2n and 2n + 1 are where group n begins and ends, with 0 for the match; -1 where none was noted. */
  slots: number[];
  // An entry of the stack is a choice, (instruction, position to go on at); or a note to undo, (-1 - slot, its old
  // value); or, from the count of instructions on, a choice used up when it comes to light, (count + memo, position).
  readonly #targets: number[] = [];
  readonly #positions: number[] = [];
  #frames: Frame[] = [];
  #memo: Memo | undefined;
  #spent = 0;
  #fuel = chunk;
  #searchStart = 0;
  #longest: number[] | undefined;

  constructor(program: Program, text: string, options: SearchOptions, charge: (work: number) => void) {
    this.#program = program;
    this.#text = text;
    this.#options = options;
    this.#charge = charge;
    this.slots = [];
  }

  /** Looks for a match from a position on; `slots` hold where it is. */
  find(from: number): boolean {
    const { hints, slots } = this.#program;
    this.slots = Array.from({ length: slots }, () => -1);
    this.#searchStart = from;
    this.#frames = [];
    this.#longest = undefined;
    // Where the search began and how long the best match is are not part of what a memo knows.
    if (hints.isAtSearchStart || this.#options.longest) this.#memo?.clear();
    let start = this.#nextStart(from);
    while (start !== -1) {
      this.slots[0] = start;
      if (this.#matchesAt(start)) return true;
      start = start >= this.#text.length ? -1 : this.#nextStart(start + widthAt(this.#text, start));
    }
    this.#settle();
    if (this.#longest === undefined) return false;
    this.slots = this.#longest;
    return true;
  }

  /** The next position at which a match may begin; -1 if there is none. */
  #nextStart(from: number): number {
    const { isAtStart, isAtSearchStart, prefix, first } = this.#program.hints;
    const text = this.#text;
    if ((isAtStart && from > 0) || (isAtSearchStart && from > this.#searchStart)) return -1;
    let position = from;
    if (prefix !== '') position = text.indexOf(prefix, from);
    else if (first !== undefined) {
      while (position < text.length && !contains(first, text.codePointAt(position) ?? 0)) {
        position += widthAt(text, position);
      }
      if (position >= text.length) position = -1;
    }
    this.#fuel -= ((position === -1 ? text.length : position) - from) >> 3;
    return position;
  }

  /** Charges what was used, and has failures remembered once that has become much. */
  #settle(): void {
    const work = chunk - this.#fuel;
    this.#spent += work;
    this.#fuel = chunk;
    this.#charge(work);
    if (this.#program.memos > 0 && this.#spent > patience + this.#text.length) {
      this.#memo ??= new Memo(this.#text.length);
    }
  }

  #matchesAt(start: number): boolean {
    const { instructions } = this.#program;
    const text = this.#text;
    const slots = this.slots;
    const targets = this.#targets;
    const positions = this.#positions;
    const count = instructions.length;
    let memo = this.#memo;
    let fuel = this.#fuel;
    let top = 0;
    let at = 0;
    let position = start;

    const note = (slot: number, value: number): void => {
      targets[top] = -1 - slot;
      positions[top++] = slots[slot] ?? -1;
      slots[slot] = value;
    };
    const choose = (target: number, goOnAt: number): void => {
      targets[top] = target;
      positions[top++] = goOnAt;
    };

    for (;;) {
      if (--fuel <= 0) {
        this.#fuel = fuel;
        this.#settle();
        fuel = this.#fuel;
        memo = this.#memo;
      }
      const here: Instruction | undefined = instructions[at];
      if (here === undefined) return false;
      let holds = true;
      at++;
      switch (here.operation) {
        case 'text':
          holds = text.startsWith(here.text, position);
          position += here.text.length;
          break;
        case 'set': {
          const point = text.codePointAt(position);
          holds = point !== undefined && contains(here.set, point);
          position += point !== undefined && point > 0xffff ? 2 : 1;
          break;
        }
        case 'many': {
          if (memo !== undefined && here.memo !== -1) {
            // Round by round, so that every position is a choice that can be remembered.
            holds = !memo.has(here.memo, position);
            const point = holds ? text.codePointAt(position) : undefined;
            if (point === undefined || !contains(here.set, point)) {
              at++;
              break;
            }
            choose(count + here.memo, position);
            choose(at + 1, position);
            position += point > 0xffff ? 2 : 1;
            at--;
            break;
          }
          const end = endOfMany(text, position, here);
          holds = end >= 0;
          if (!holds) break;
          fuel -= (end - position) >> 3;
          const least = here.min === 0 ? position : endOfMany(text, position, { ...here, max: here.min });
          if (end > least) {
            choose(least, 0);
            choose(at, end);
          }
          position = end;
          at++;
          break;
        }
        case 'giveBack': {
          const least = targets[top - 1] ?? 0;
          const end = position;
          do position = stepBack(text, position, least);
          while (position > least && here.to !== 0 && text.charCodeAt(position) !== here.to);
          fuel -= (end - position) >> 3;
          if (position > least) choose(at - 1, position);
          else top--;
          break;
        }
        case 'fork':
          if (memo !== undefined && here.memo !== -1) {
            holds = !memo.has(here.memo, position);
            if (!holds) break;
            choose(count + here.memo, position);
          }
          choose(here.to, position);
          break;
        case 'forkLazy':
          if (memo !== undefined && here.memo !== -1) {
            holds = !memo.has(here.memo, position);
            if (!holds) break;
            choose(count + here.memo, position);
          }
          choose(at, position);
          at = here.to;
          break;
        case 'jump':
          at = here.to;
          break;
        case 'save':
          note(here.slot, position);
          break;
        case 'saveBoth':
          note(here.slot, slots[here.min] ?? -1);
          note(here.slot + 1, position);
          break;
        case 'place':
          holds = holdsAt(here.place, text, position, this.#searchStart);
          break;
        case 'loopBegin':
          note(here.slot, position);
          break;
        case 'loopEnd':
          if (slots[here.slot] === position) at = here.to;
          break;
        case 'keep':
          note(0, position);
          break;
        case 'reference':
          position = endOfReference(here, text, position, slots);
          holds = position !== -1;
          break;
        case 'ifSet':
          if (here.groups.some((group) => (slots[2 * group + 1] ?? -1) !== -1)) break;
          holds = here.to !== -1;
          at = here.to;
          break;
        case 'enclose': {
          const height = top;
          note(here.slot, height);
          note(here.slot + 1, position);
          break;
        }
        case 'commit':
        case 'back': {
          const height = slots[here.slot] ?? 0;
          if (here.operation === 'back') position = slots[here.slot + 1] ?? 0;
          fuel -= (top - height) >> 2;
          slots[here.slot] = positions[height] ?? -1;
          slots[here.slot + 1] = positions[height + 1] ?? -1;
          let kept = height;
          for (let entry = height + 2; entry < top; entry++) {
            const target = targets[entry] ?? 0;
            if (target >= 0) continue;
            targets[kept] = target;
            positions[kept++] = positions[entry] ?? 0;
          }
          top = kept;
          break;
        }
        case 'reject': {
          const height = slots[here.slot] ?? 0;
          while (top > height) {
            const target = targets[--top] ?? 0;
            if (target < 0) slots[-1 - target] = positions[top] ?? 0;
          }
          holds = false;
          break;
        }
        case 'leave':
          top = slots[here.slot] ?? 0;
          slots[here.slot] = positions[top] ?? -1;
          slots[here.slot + 1] = positions[top + 1] ?? -1;
          break;
        case 'stepBack':
          for (let left = here.min; left > 0 && holds; left--) {
            holds = position > 0;
            position = stepBack(text, position, 0);
          }
          break;
        case 'call': {
          const { frameSlot } = this.#program;
          const kept = slots.slice(frameSlot);
          this.#frames.push({ returnTo: at, caller: slots[frameSlot] ?? -1, slots: kept });
          fuel -= 8 + kept.length;
          note(frameSlot, this.#frames.length - 1);
          at = here.to;
          break;
        }
        case 'ret': {
          const { frameSlot } = this.#program;
          const frame = this.#frames[slots[frameSlot] ?? -1];
          if (frame === undefined) return false;
          frame.slots.forEach((value, index) => note(frameSlot + index, value));
          at = frame.returnTo;
          break;
        }
        case 'match':
          if (this.#options.notEmpty && position === start) {
            holds = false;
            break;
          }
          if (this.#options.longest) {
            const best = this.#longest;
            const length = best === undefined ? -1 : (best[1] ?? 0) - this.#longestStart;
            if (position - start > length) {
              this.#longest = slots.slice();
              this.#longest[1] = position;
              this.#longestStart = start;
            }
            holds = false;
            break;
          }
          slots[1] = position;
          this.#fuel = fuel;
          return true;
      }
      if (holds) continue;
      for (;;) {
        if (top === 0) {
          this.#fuel = fuel;
          return false;
        }
        const target = targets[--top] ?? 0;
        position = positions[top] ?? 0;
        if (target < 0) slots[-1 - target] = position;
        else if (target >= count) memo?.add(target - count, position);
        else {
          at = target;
          break;
        }
        fuel--;
      }
    }
  }

  #longestStart = 0;
}
