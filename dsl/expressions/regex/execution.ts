import { contains } from './character-set.ts';
import { Memo } from './memo.ts';
import type { Meter } from './meter.ts';
import { holdsAt } from './places.ts';
import type { Program, SearchOptions } from './program.ts';
import { endOfReference, setsAnew } from './references.ts';
import { charactersBack, endOfMany, stepBack, utf8Length } from './steps.ts';

interface Frame {
  readonly returnTo: number;
  /** Of the slots that are not groups', as they were at the call. */
  readonly slots: readonly number[];
}

// Work before failures are remembered; most searches never come near.
const patience = 10_000;

/** Runs one program over one text by backtracking, with a stack of its own. */
export class Execution {
  readonly #program: Program;
  readonly #text: string;
  readonly #options: SearchOptions;
  readonly #meter: Meter;
  // An entry of the stack is a choice, (instruction, position to go on at); or a note to undo, (-1 - slot, its old
  // value); or, from the count of instructions on, a choice used up when it comes to light, (count + memo, position).
  readonly #targets: number[] = [];
  readonly #positions: number[] = [];
  #frames: Frame[] = [];
  #memo: Memo | undefined;
  #searchStart = 0;
  #longest: number[] | undefined;
  #longestBytes = -1;
  /** Positions: 2n and 2n + 1 are where group n begins and ends, with 0 for the match; -1 where none was noted. */
  slots: number[] = [];

  constructor(program: Program, text: string, options: SearchOptions, meter: Meter) {
    this.#program = program;
    this.#text = text;
    this.#options = options;
    this.#meter = meter;
  }

  /** Forgets an earlier search. */
  begin(searchStart: number): void {
    this.slots = this.#program.slots.slice();
    this.#searchStart = searchStart;
    this.#frames = [];
    this.#longest = undefined;
    this.#longestBytes = -1;
    // Where a search began and how long its best match is are not part of what a memo knows.
    if (this.#program.asksForSearchStart || this.#options.longest) this.#memo?.clear();
  }

  /** Takes the longest match that was found, where the longest is wanted; false if there was none. */
  takeLongest(): boolean {
    if (this.#longest === undefined) return false;
    this.slots = this.#longest;
    return true;
  }

  /** Takes back what an entry of the stack notes, if it is a note. */
  #undo(entry: number): void {
    const target = this.#targets[entry] ?? 0;
    if (target < 0) this.slots[-1 - target] = this.#positions[entry] ?? 0;
  }

  /** Drops the choices above a height and puts back the slots of the enclosure; returns the new top. */
  #commit(height: number, top: number): number {
    const targets = this.#targets;
    const positions = this.#positions;
    this.#undo(height + 1);
    this.#undo(height);
    let kept = height;
    for (let entry = height + 2; entry < top; entry++) {
      const target = targets[entry] ?? 0;
      if (target >= 0) continue;
      targets[kept] = target;
      positions[kept++] = positions[entry] ?? 0;
    }
    return kept;
  }

  /** Tries for a match that begins here, and notes it in the slots. */
  matchesAt(start: number): boolean {
    this.slots[0] = start;
    const { instructions } = this.#program;
    const text = this.#text;
    const slots = this.slots;
    const targets = this.#targets;
    const positions = this.#positions;
    const count = instructions.length;
    const meter = this.#meter;
    let memo = this.#memo;
    let fuel = meter.fuel;
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
        meter.fuel = fuel;
        meter.settle();
        fuel = meter.fuel;
        if (meter.spent > patience + text.length) memo = this.#memo ??= new Memo(text.length);
      }
      const here = instructions[at];
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
        case 'forkLazy':
          if (memo !== undefined && here.memo !== -1) {
            holds = !memo.has(here.memo, position);
            if (!holds) break;
            choose(count + here.memo, position);
          }
          if (here.operation === 'fork') choose(here.to, position);
          else {
            choose(at, position);
            at = here.to;
          }
          break;
        case 'jump':
          at = here.to;
          break;
        case 'save':
          note(here.slot, position);
          break;
        case 'open':
          note(here.slot, position);
          note(here.slot + 1, -1);
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
          here.groups.forEach((group, index) => {
            note(here.slot + 1 + 2 * index, slots[2 * group] ?? -1);
            note(here.slot + 2 + 2 * index, slots[2 * group + 1] ?? -1);
          });
          break;
        case 'loopEnd':
          if (slots[here.slot] === position && !setsAnew(here, slots)) at = here.to;
          break;
        case 'reference':
          position = endOfReference(here, text, position, slots);
          holds = position !== -1;
          break;
        case 'stepBack':
          position = charactersBack(text, position, here.min);
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
          top = this.#commit(height, top);
          break;
        }
        case 'reject': {
          const height = slots[here.slot] ?? 0;
          while (top > height) this.#undo(--top);
          holds = false;
          break;
        }
        case 'leave':
          top = slots[here.slot] ?? 0;
          this.#undo(top + 1);
          this.#undo(top);
          break;
        case 'call': {
          const { frameSlot } = this.#program;
          const kept = slots.slice(frameSlot);
          this.#frames.push({ returnTo: at, slots: kept });
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
            // Measured in bytes of UTF-8, as Oniguruma does.
            const length = utf8Length(text, start, position);
            fuel -= (position - start) >> 3;
            if (length > this.#longestBytes) {
              this.#longestBytes = length;
              this.#longest = slots.with(1, position);
            }
            holds = false;
            break;
          }
          slots[1] = position;
          meter.fuel = fuel;
          return true;
      }
      if (holds) continue;
      for (;;) {
        if (top === 0) {
          meter.fuel = fuel;
          return false;
        }
        const target = targets[--top] ?? 0;
        position = positions[top] ?? 0;
        fuel--;
        at = target;
        if (target < 0) slots[-1 - target] = position;
        else if (target < count) break;
        else memo?.add(target - count, position);
      }
    }
  }
}
