import { allEnded } from './all-ended.ts';
import type { StoreError } from './errors.ts';

/** A document as a database holds it. */
export interface Row {
  readonly key: string;
  readonly version: string;
  /** The value as JSON text, which holds neither U+0000 nor lone surrogates. */
  readonly text: string;
}

/** Keys in code point order, which is that of their bytes in UTF-8. */
export interface KeyRange {
  /** The lowest key. */
  readonly from: string;
  /** The first key above the range; absent where it has no end. */
  readonly to?: string;
  /** From the highest key down. */
  readonly reverse: boolean;
  /** At most so many rows. */
  readonly limit: number;
  /** No further row once the texts of those before have this size, in characters or bytes. */
  readonly maxSize: number;
}

export interface Rows {
  readonly rows: readonly Row[];
  /** Whether the range goes on behind the last row. */
  readonly more: boolean;
}

/** Inserts side by side, for databases that take one row at a time; resolves to the keys that are not free. */
export async function insertEach(
  rows: readonly Row[],
  insert: (row: Row) => Promise<boolean>,
): Promise<ReadonlySet<string>> {
  const areInserted = await allEnded(rows.map(insert));
  return new Set(rows.filter((_, index) => areInserted[index] === false).map(({ key }) => key));
}

/**
 * What a database has to do to be a store; `storeOn` makes one of it. Keys, values and limits were checked. Each call is
 * atomic, and whatever it does is seen by every call that begins after its end, in any process. It fails with whatever
 * the client throws.
 */
export interface Driver {
  /** For messages: the URL without what is confidential. */
  readonly name: string;
  /** How long one call may take, in milliseconds; no end where the database is part of this process. */
  readonly deadlineMs?: number;
  /** As in the port. */
  readonly writesInOrder?: true;
  get(key: string): Promise<Row | undefined>;
  /** Writes where the key is free; resolves to whether it was. */
  insert(row: Row): Promise<boolean>;
  /** Writes each row whose key is free; resolves to the keys that are not. Only each row by itself is atomic. */
  insertAll(rows: readonly Row[]): Promise<ReadonlySet<string>>;
  upsert(row: Row): Promise<void>;
  /** Writes where the key has this version; resolves to whether it had. */
  update(row: Row, version: string): Promise<boolean>;
  remove(key: string): Promise<void>;
  /** Removes where the key has this version; resolves to whether it had. */
  removeVersion(key: string, version: string): Promise<boolean>;
  range(range: KeyRange): Promise<Rows>;
  /** Fails unless documents can be read. */
  ping(): Promise<void>;
  close(): Promise<void>;
  /** What is to be said of an error that a call failed with. */
  explain(cause: unknown): StoreError;
}
