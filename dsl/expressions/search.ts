import type { Json } from '../json.ts';
import type { Run } from './runtime.ts';
import { equals } from './values.ts';

/** Where `part` begins in `whole`, at every place; an empty part is nowhere. */
export function indicesOf(whole: readonly Json[], part: readonly Json[], run: Run): number[] {
  const found: number[] = [];
  if (part.length === 0) return found;
  for (let start = 0; start + part.length <= whole.length; start++) {
    run.tick();
    let matched = 0;
    while (matched < part.length && equals(whole[start + matched] ?? null, part[matched] ?? null, run)) {
      matched++;
    }
    run.tick(matched);
    if (matched === part.length) found.push(start);
  }
  return found;
}

// JavaScript's own search looks at the text once for each character of the part, at worst.
const maxPlainLength = 16;

/** Where `part` begins in `text`, overlapping places too, in code points. */
export function textIndices(text: string, part: string, run: Run): number[] {
  const found: number[] = [];
  let codePoints = 0;
  let counted = 0;
  for (const at of places(text, part, true, run)) {
    for (; counted < at; counted++) {
      const unit = text.charCodeAt(counted);
      if (unit < 0xdc00 || unit > 0xdfff) codePoints++;
    }
    found.push(codePoints);
  }
  return found;
}

/** Whether `part` is somewhere in `text`. */
export function includesText(text: string, part: string, run: Run): boolean {
  run.tick(1 + (text.length >> 4));
  if (part.length <= maxPlainLength) return text.includes(part);
  return places(text, part, false, run).next().done !== true;
}

/** The parts of `text` between a separator that is not empty. */
export function splitAt(text: string, separator: string, run: Run): string[] {
  if (separator.length <= maxPlainLength) return text.split(separator);
  const parts: string[] = [];
  let from = 0;
  for (const at of places(text, separator, false, run)) {
    parts.push(text.slice(from, at));
    from = at + separator.length;
  }
  parts.push(text.slice(from));
  return parts;
}

/** The places of a part, by the algorithm of Knuth, Morris and Pratt: it looks at each character twice at most. */
function* places(text: string, part: string, overlapping: boolean, run: Run): Generator<number> {
  if (part === '' || part.length > text.length) return;
  run.tick(1 + (text.length >> 3) + (part.length >> 3));
  const borders = bordersOf(part);
  let matched = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    while (matched > 0 && part.charCodeAt(matched) !== unit) matched = borders[matched - 1] ?? 0;
    if (part.charCodeAt(matched) === unit) matched++;
    if (matched < part.length) continue;
    run.tick();
    yield at + 1 - matched;
    matched = overlapping ? (borders[matched - 1] ?? 0) : 0;
  }
}

/** For each beginning of the part: how long the longest of its beginnings is that it also ends with. */
function bordersOf(part: string): Int32Array {
  const borders = new Int32Array(part.length);
  let length = 0;
  for (let at = 1; at < part.length; at++) {
    const unit = part.charCodeAt(at);
    while (length > 0 && part.charCodeAt(length) !== unit) length = borders[length - 1] ?? 0;
    if (part.charCodeAt(length) === unit) length++;
    borders[at] = length;
  }
  return borders;
}
