import type { Instruction } from './program.ts';

/** Where the text ends that the first fitting group of a reference has matched; -1 if none of them fits here. */
export function endOfReference(
  { groups, ignoreCase }: Instruction,
  text: string,
  position: number,
  slots: readonly number[],
): number {
  for (const group of groups) {
    const start = slots[2 * group] ?? -1;
    const end = slots[2 * group + 1] ?? -1;
    if (start === -1 || end === -1) continue;
    const expected = text.slice(start, end);
    const found = text.slice(position, position + expected.length);
    if (found === expected || (ignoreCase && folded(found) === folded(expected)))
      return position + expected.length;
  }
  return -1;
}

/** True if a round of a loop set a group other than the round before, but not from one empty text to another. */
export function setsAnew({ groups, slot }: Instruction, slots: readonly number[]): boolean {
  return groups.some((group, index) => {
    const [start = -1, end = -1] = [slots[2 * group], slots[2 * group + 1]];
    const [oldStart = -1, oldEnd = -1] = [slots[slot + 1 + 2 * index], slots[slot + 2 + 2 * index]];
    if (end === -1) return false;
    if (oldEnd === -1) return true;
    const isSame = start === oldStart && end === oldEnd;
    return !isSame && (start !== end || oldStart !== oldEnd);
  });
}

/** Upper case first: some letters have two small forms. */
function folded(text: string): string {
  return Array.from(text, (character) => character.toUpperCase().toLowerCase()).join('');
}
