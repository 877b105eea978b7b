/**
 * Everything of a store as lines of JSON, and back: the way from one database to another, and a backup that any of them
 * takes. The first line tells what follows, the last one how many documents there were; between them is one document a
 * line, in order of their keys. Keys and values stay as they are to the byte; versions do not travel.
 */
import { isJsonObject } from '../../dsl/json.ts';
import type { Json } from '../../dsl/json.ts';
import { allEnded } from './all-ended.ts';
import { StoreError } from './errors.ts';
import type { NewDocument, Store } from './port.ts';

/** How far a transfer has come. */
export interface TransferProgress {
  readonly documents: number;
  readonly bytes: number;
}

export interface ImportCount {
  readonly written: number;
  /** Documents that were there already, the same. */
  readonly unchanged: number;
  /** Keys that hold another value, which stayed; the first hundred. */
  readonly conflicts: readonly string[];
  readonly conflicting: number;
}

const format = 1;
/** The most that a store gives: some look through all they have for each page. */
const pageSize = 1_000;
/** One reads what is next while the other writes. */
const writers = 2;
/** Documents of which it is asked side by side what is there. */
const settlers = 8;
/** What is written at once: so many documents, and lines of about so many bytes unless one alone has more. */
const maxGroup = 500;
const maxGroupBytes = 1024 * 1024;
/** A value's 4 MiB, a key that is escaped all over, and what is around them. */
const maxLineBytes = 5 * 1024 * 1024;
const listedConflicts = 100;

/** The lines of an export, each with its line break. Documents that change meanwhile may come as they were or are. */
export async function* exportLines(
  store: Store,
  progress: (progress: TransferProgress) => void = () => undefined,
): AsyncGenerator<string> {
  yield line({ perdure: 'store', format });
  let documents = 0;
  let bytes = 0;
  let cursor: string | undefined;
  do {
    const page = await store.scan('', { limit: pageSize, cursor });
    for (const { key, value } of page.documents) {
      const text = line({ key, value });
      documents += 1;
      bytes += Buffer.byteLength(text);
      yield text;
    }
    progress({ documents, bytes });
    cursor = page.cursor;
  } while (cursor !== undefined);
  yield line({ end: true, documents });
}

/**
 * Writes what an export gave. Documents that are there already, the same, are left; so an import that was cut off is
 * completed by doing it again. A key that holds another value is left too and counted, unless `overwrite`. Fails with a
 * {@link StoreError}: `invalid` for what is no whole export, once everything that came before is written.
 */
export async function importDocuments(
  store: Store,
  chunks: AsyncIterable<Uint8Array>,
  {
    overwrite = false,
    progress = () => undefined,
  }: { readonly overwrite?: boolean; readonly progress?: (progress: TransferProgress) => void } = {},
): Promise<ImportCount> {
  let [written, unchanged, conflicting, bytes] = [0, 0, 0, 0];
  const conflicts: string[] = [];

  async function writeAll(entries: readonly Entry[]): Promise<void> {
    const taken = await store.insertAll(entries);
    written += entries.length - taken.size;
    const waiting = entries.filter(({ key }) => taken.has(key)).values();
    await sideBySide(settlers, async () => {
      for (const entry of waiting) await settle(entry);
    });
  }

  /** What becomes of a document whose key was taken. */
  async function settle({ key, value }: Entry): Promise<void> {
    const there = await store.get(key);
    if (there !== undefined && JSON.stringify(there.value) === JSON.stringify(value)) unchanged += 1;
    else if (overwrite || there === undefined) {
      await store.put(key, value, 'any');
      written += 1;
    } else {
      conflicting += 1;
      if (conflicts.length < listedConflicts) conflicts.push(key);
    }
  }

  const groups = grouped(readEntries(chunks, (size) => (bytes += size)));
  // Both take from the same reader: no more is read than is being written.
  await sideBySide(writers, async () => {
    for (let next = await groups.next(); next.done !== true; next = await groups.next()) {
      await writeAll(next.value);
      progress({ documents: written + unchanged + conflicting, bytes });
    }
  });
  progress({ documents: written + unchanged + conflicting, bytes });
  return { written, unchanged, conflicts, conflicting };
}

async function sideBySide(count: number, work: () => Promise<void>): Promise<void> {
  await allEnded(Array.from({ length: count }, work));
}

interface Entry extends NewDocument {
  readonly bytes: number;
}

/** In groups of different keys; what was read before a failure comes before it. */
async function* grouped(entries: AsyncIterable<Entry>): AsyncGenerator<readonly Entry[]> {
  let group = new Map<string, Entry>();
  let size = 0;
  try {
    for await (const entry of entries) {
      const isFull = group.size === maxGroup || size + entry.bytes > maxGroupBytes;
      if (group.size > 0 && (isFull || group.has(entry.key))) {
        yield [...group.values()];
        group = new Map();
        size = 0;
      }
      group.set(entry.key, entry);
      size += entry.bytes;
    }
  } catch (error) {
    if (group.size > 0) yield [...group.values()];
    throw error;
  }
  if (group.size > 0) yield [...group.values()];
}

async function* readEntries(
  chunks: AsyncIterable<Uint8Array>,
  read: (bytes: number) => void,
): AsyncGenerator<Entry> {
  let number = 0;
  let documents = 0;
  let isComplete = false;
  for await (const bytes of linesOf(chunks)) {
    number += 1;
    read(bytes.length + 1);
    const value = parseLine(bytes, number);
    if (isComplete) throw broken(number, 'comes after the last line of the export');
    if (number === 1) checkHeader(value);
    else if (value['end'] === true) {
      if (value['documents'] !== documents) {
        const told = JSON.stringify(value['documents']);
        throw broken(number, `counts ${told} documents, and there were ${documents}`);
      }
      isComplete = true;
    } else {
      const { key, value: content } = value;
      if (typeof key !== 'string' || content === undefined) throw broken(number, 'is no document');
      documents += 1;
      yield { key, value: content, bytes: bytes.length };
    }
  }
  if (!isComplete) {
    throw new StoreError(
      'invalid',
      `The export is cut off after line ${number}: its last line is missing. What came before is imported; import the whole export to complete it.`,
    );
  }
}

function checkHeader({ perdure, format: written }: { readonly [name: string]: Json }): void {
  if (perdure !== 'store') throw broken(1, 'is not that of an export of a store');
  if (written !== format) {
    const found = JSON.stringify(written);
    throw new StoreError('invalid', `The export has format ${found}, and this Perdure knows ${format}.`);
  }
}

function parseLine(bytes: Uint8Array, number: number): { readonly [name: string]: Json } {
  let value: Json;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)) as Json;
  } catch (error) {
    throw broken(number, 'is not JSON in UTF-8', error);
  }
  if (!isJsonObject(value)) throw broken(number, 'is no object');
  return value;
}

/** Lines as bytes, without their break; not by Node's reader of lines, which splits texts that hold U+2028. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    let begin = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, begin)) {
      yield Buffer.concat([...parts, chunk.subarray(begin, end)]);
      parts = [];
      size = 0;
      begin = end + 1;
    }
    parts.push(chunk.subarray(begin));
    size += chunk.length - begin;
    if (size > maxLineBytes) {
      throw new StoreError(
        'invalid',
        `A line is longer than ${maxLineBytes} bytes: this is no export of a store.`,
      );
    }
  }
  if (size > 0) yield Buffer.concat(parts);
}

function line(value: Json): string {
  return `${JSON.stringify(value)}\n`;
}

function broken(number: number, what: string, cause?: unknown): StoreError {
  return new StoreError('invalid', `Line ${number} of the export ${what}.`, { cause });
}
