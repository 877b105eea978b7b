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

/** Where `part` begins in `text`, overlapping places too, in code points. */
export function textIndices(text: string, part: string, run: Run): number[] {
  const found: number[] = [];
  if (part === '') return found;
  run.tick(1 + (text.length >> 3));
  let codePoints = 0;
  let counted = 0;
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) {
    run.tick(1 + (part.length >> 3));
    for (; counted < at; counted++) {
      const unit = text.charCodeAt(counted);
      if (unit < 0xdc00 || unit > 0xdfff) codePoints++;
    }
    found.push(codePoints);
  }
  return found;
}
