import { readings } from './readings.ts';
import type { Reading } from './readings.ts';
import { lowerCase } from './spellings.ts';
import type { Spelling } from './spellings.ts';

/** From where to where in a text a secret stands. */
export type Place = readonly [from: number, to: number];

/** Where any of the spellings stands in the text, in order, places that touch or overlap taken together. */
export function findSecrets(text: string, spellings: readonly Spelling[]): readonly Place[] {
  const found: Place[] = [];
  for (const reading of readings(text)) found.push(...placesIn(reading, spellings));
  if (found.length < 2) return found;
  const merged: Place[] = [];
  for (const place of found.toSorted(([left], [right]) => left - right)) {
    const last = merged.at(-1);
    // Two secrets in a row stay two.
    if (last === undefined || place[0] >= last[1]) merged.push(place);
    else merged[merged.length - 1] = [last[0], Math.max(last[1], place[1])];
  }
  return merged;
}

function placesIn({ text, origins }: Reading, spellings: readonly Spelling[]): Place[] {
  const lower = lowerCase(text);
  const places: Place[] = [];
  for (const spelling of spellings) {
    const { length } = spelling.text;
    // Most texts are short, and then there is nothing to look for.
    if (length > text.length) continue;
    const searched = spelling.anyCase ? lower : text;
    for (
      let at = searched.indexOf(spelling.text);
      at !== -1;
      at = searched.indexOf(spelling.text, at + length)
    ) {
      const [from, to] = withShared(text, at, at + length, spelling);
      places.push([origins?.from[from] ?? from, origins?.to[to - 1] ?? to]);
    }
  }
  return places;
}

/** In base64 the characters at both ends hold bits of the secret as well. */
function withShared(text: string, at: number, end: number, { sharesBefore, sharesAfter }: Spelling): Place {
  const from = sharesBefore && isBase64(text[at - 1]) ? at - 1 : at;
  if (!sharesAfter || !isBase64(text[end])) return [from, end];
  let to = end + 1;
  while (to < end + 3 && text[to] === '=') to += 1;
  return [from, to];
}

function isBase64(character: string | undefined): boolean {
  return character !== undefined && /[\w+/-]/.test(character);
}
