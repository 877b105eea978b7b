import { cursorAfter, endOfPrefix, keyOfCursor, maxPageCharacters } from '../limits.ts';
import type { Page, StoredDocument } from '../port.ts';
import { documentIn } from './layout.ts';
import type { RowRange } from './row-range.ts';
import type { Piece } from './rows.ts';

/** The rows of a prefix that come behind a cursor. Fails for a cursor of another prefix. */
export function rangeOf(prefix: string, cursor: string | undefined, reverse: boolean): RowRange {
  const after = cursor === undefined ? undefined : keyOfCursor(cursor, prefix);
  const end = endOfPrefix(prefix);
  if (reverse) return { first: Buffer.from(prefix), end: bufferOf(after ?? end), reverse };
  // The lowest key above `after` is `after` with U+0000 behind it.
  const first = after === undefined ? prefix : `${after}\u0000`;
  return { first: Buffer.from(first), end: bufferOf(end), reverse };
}

/** Takes rows until the page is full; one more row that is seen but not taken is the reason for a cursor. */
export async function readPage(
  range: RowRange,
  limit: number,
  read: (range: RowRange, most: number) => Promise<Piece>,
): Promise<Page> {
  const documents: StoredDocument[] = [];
  let characters = 0;
  for (let rest: RowRange | undefined = range; rest !== undefined;) {
    const piece: Piece = await read(rest, limit + 1 - documents.length);
    for (const cells of piece.rows) {
      const last = documents.at(-1);
      if (last !== undefined && (documents.length === limit || characters > maxPageCharacters)) {
        return { documents, cursor: cursorAfter(last.key) };
      }
      const document = documentIn(cells);
      if (document === undefined) continue;
      documents.push(document);
      characters += cells[0]?.value.length ?? 0;
    }
    rest = piece.rest;
  }
  return { documents };
}

function bufferOf(text: string | undefined): Buffer | undefined {
  return text === undefined ? undefined : Buffer.from(text);
}
