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

/** Upper case first: some letters have two small forms. */
function folded(text: string): string {
  return Array.from(text, (character) => character.toUpperCase().toLowerCase()).join('');
}
