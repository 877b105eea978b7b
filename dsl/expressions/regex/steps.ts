import { contains } from './character-set.ts';
import type { Instruction } from './program.ts';

/** How many UTF-16 units the character at a position takes. */
export function widthAt(text: string, position: number): number {
  return (text.codePointAt(position) ?? 0) > 0xffff ? 2 : 1;
}

/** One character back, but not before a position. */
export function stepBack(text: string, position: number, least: number): number {
  const unit = text.charCodeAt(position - 1);
  const isSecond = unit >= 0xdc00 && unit <= 0xdfff && position - 2 >= least;
  return isSecond && widthAt(text, position - 2) === 2 ? position - 2 : position - 1;
}

/** That many characters back; -1 if there are fewer. */
export function charactersBack(text: string, position: number, count: number): number {
  let back = position;
  for (let left = count; left > 0; left--) {
    if (back === 0) return -1;
    back = stepBack(text, back, 0);
  }
  return back;
}

/** Where the longest run of a set's characters ends that begins here; -1 if it is too short. */
export function endOfMany(
  text: string,
  start: number,
  { set, min, max }: Pick<Instruction, 'set' | 'min' | 'max'>,
): number {
  const { length } = text;
  let position = start;
  let count = 0;
  while (count < max && position < length) {
    const point = text.codePointAt(position) ?? 0;
    if (!contains(set, point)) break;
    position += point > 0xffff ? 2 : 1;
    count++;
  }
  return count < min ? -1 : position;
}

/** The length of a part of a text in bytes. */
export function utf8Length(text: string, start: number, end: number): number {
  let length = 0;
  for (let position = start; position < end; position++) {
    const unit = text.charCodeAt(position);
    // Both halves of a pair count two.
    length += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3;
  }
  return length;
}
