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
