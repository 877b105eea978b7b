import type { Json } from '../../dsl/json.ts';

/** A stored document: its value, and a version that changes with every write of the key. */
export interface StoredDocument {
  readonly key: string;
  readonly value: Json;
  /** Opaque; compare for equality only. */
  readonly version: string;
}

export type NewDocument = Pick<StoredDocument, 'key' | 'value'>;

export interface Page {
  readonly documents: readonly StoredDocument[];
  /** Hand it to the next `scan`; absent on the last page. */
  readonly cursor?: string;
}

/** What a write expects to find: nothing, a certain version, or whatever is there. */
type Expectation = { readonly version: string } | 'absent' | 'any';

/**
 * The one port that every database implements: versioned documents. Keys are any text of 1 to 1,024 bytes of UTF-8,
 * U+0000 included, ordered by code point; a lone surrogate has no UTF-8 and is refused. Values are JSON of up to 4 MiB.
 * Reads are linearizable with writes. Every failure is a `StoreError` (errors.ts).
 */
export interface Store {
  /** Present where writes that are asked for without waiting for each other become visible in that order, or at once. */
  readonly writesInOrder?: true;
  get(key: string): Promise<StoredDocument | undefined>;
  /** Writes when `expected` holds; resolves to the new version, or undefined when it does not hold. */
  put(key: string, value: Json, expected: Expectation): Promise<string | undefined>;
  /**
   * Writes the documents whose keys are free, many at once where the database can; resolves to the other keys. No key
   * comes twice. It is not one write: others may see some of the documents before the rest, and where it fails, some may
   * be written.
   */
  insertAll(documents: readonly NewDocument[]): Promise<ReadonlySet<string>>;
  /** Removes when `expected` holds; resolves to whether it did. Removing nothing under `any` is true. */
  delete(key: string, expected: Expectation): Promise<boolean>;
  /**
   * Documents whose key starts with `prefix` (empty: all), in key order. `limit` is 1 to 1,000; a page may hold fewer,
   * so that large values do not fill the memory: only a missing cursor ends the scan. Documents that are neither
   * written nor deleted meanwhile come exactly once. A cursor belongs to its prefix and direction.
   */
  scan(
    prefix: string,
    options: { readonly limit: number; readonly cursor?: string; readonly reverse?: boolean },
  ): Promise<Page>;
  /** Fails when the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
