import type { Kind } from './kinds.ts';
import type { Names } from './names.ts';
import type { Random } from './random.ts';
import type { Goal } from './rules.ts';

/** A piece of a program and whether it binds as tightly as a term. */
export interface Piece {
  readonly text: string;
  readonly isTerm: boolean;
}

/** What a piece is made for. */
export interface Wish {
  readonly goal: Goal;
  /** Kind of the input that it is evaluated on. */
  readonly on: Kind;
  readonly names: Names;
  /** How much deeper it may get. */
  readonly depth: number;
}

export type Generate = (wish: Wish, random: Random) => Piece;

/** Parentheses where they are needed, and sometimes not: then precedence decides, in both engines. */
export function asTerm({ text, isTerm }: Piece, random: Random): string {
  return isTerm || random.chance(0.04) ? text : `(${text})`;
}
