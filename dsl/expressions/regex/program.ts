import { anyCharacter } from './character-set.ts';
import type { CharacterSet } from './character-set.ts';
import type { Place } from './syntax-tree.ts';

/**
 * What an instruction does. Without a word on it, the next one follows; one that does not match goes back to the
 * latest choice.
 *
 * - text, set: match this text, one character of the set.
 * - many: at most `max` characters of the set, at least `min`; gives them back one by one through `giveBack`, which
 *   stands behind it, so that the next one is two further.
 * - fork: goes on, or failing that at `to`. forkLazy: at `to`, or failing that goes on. jump: goes on at `to`.
 * - save: notes the position in `slot`. open: that, and that the group has no end yet. saveBoth: notes what is in slot `min` there, and the position behind it. Slot 0 is where the match begins.
 * - place: holds at such a place.
 * - reference: the text of the first of `groups` that is set. ifSet: goes on if one is set, else at `to`.
 * - enclose: begins what `commit`, `back`, `reject` or `leave` with the same slot ends. commit: forgets the choices
 *   made since. back: that, and returns to the position. reject: undoes all since and fails. leave: reached by `to`
 *   of a fork made inside, when all the choices inside are used up.
 * - stepBack: `min` characters back.
 * - loopBegin: notes in `slot` where a round of the loop begins, and behind it where `groups` are. loopEnd: goes on at
 *   `to` if the round matched nothing and set none of the groups anew.
 * - call: goes on at `to`, then comes back. ret: comes back.
 * - match: the end of the pattern.
 */
export type Operation =
  | 'text'
  | 'set'
  | 'many'
  | 'giveBack'
  | 'fork'
  | 'forkLazy'
  | 'jump'
  | 'save'
  | 'open'
  | 'saveBoth'
  | 'place'
  | 'reference'
  | 'ifSet'
  | 'enclose'
  | 'commit'
  | 'back'
  | 'reject'
  | 'leave'
  | 'stepBack'
  | 'loopBegin'
  | 'loopEnd'
  | 'call'
  | 'ret'
  | 'match';

/** All instructions have all fields, which keeps the matcher fast. */
export interface Instruction {
  readonly operation: Operation;
  readonly text: string;
  readonly set: CharacterSet;
  /** Where to go on; for `giveBack` a character that must follow, or 0. */
  to: number;
  readonly slot: number;
  readonly min: number;
  readonly max: number;
  readonly place: Place;
  readonly groups: readonly number[];
  readonly ignoreCase: boolean;
  /** The number under which failures at this choice are remembered; -1 where that would not be sound. */
  readonly memo: number;
}

export interface Program {
  readonly instructions: readonly Instruction[];
  readonly groupNames: readonly (string | null)[];
  /** What the slots hold at first. 2n and 2n + 1 are for where group n begins and ends; 0 for where the match does. */
  readonly slots: readonly number[];
  readonly frameSlot: number;
  /** How many choices have a memo. */
  readonly memos: number;
  readonly asksForSearchStart: boolean;
  readonly hints: SearchHints;
}

/** What is known of where a match can begin. */
export interface SearchHints {
  readonly isAtStart: boolean;
  readonly isAtSearchStart: boolean;
  readonly prefix: string;
  readonly first: CharacterSet | undefined;
}

/** jq's flags that concern the search and not the pattern. */
export interface SearchOptions {
  /** The longest of all matches, not the first. */
  readonly longest: boolean;
  readonly notEmpty: boolean;
}

const plain: Instruction = {
  operation: 'match',
  text: '',
  set: anyCharacter,
  to: 0,
  slot: 0,
  min: 0,
  max: 0,
  place: 'start',
  groups: [],
  ignoreCase: false,
  memo: -1,
};

export function instruction(operation: Operation, fields: Partial<Instruction>): Instruction {
  return { ...plain, ...fields, operation };
}
