/**
 * Documents of definitions, in a store. A document's version is the key of the call that wrote it, and it remembers its
 * last writes: so a call that is repeated, because a worker died before it could say what it had done, finds that it has
 * written, and neither conflicts with itself nor undoes what others wrote since. A deleted document stays for a day, as
 * that memory alone.
 */
import type { Json, JsonObject } from '../../dsl/json.ts';
import type { DocumentExpectation } from '../../dsl/types.ts';
import type { Store, StoredDocument } from '../../backends/store/port.ts';

/** Apart from Perdure's own records, which may be in the same store. */
const prefix = 'data/';

/** Writes that a document remembers: more of other calls may not come between a call and its repeat. */
const rememberedWrites = 64;

const rememberedMs = 24 * 60 * 60 * 1_000;

interface Write {
  /** Of the call. */
  readonly call: string;
  /** Of a delete: whether there was a document. */
  readonly deleted?: boolean;
}

/** What the store holds under a key. */
interface Kept {
  /** The last one wrote what is there. */
  readonly writes: readonly Write[];
  /** Absent where the document was deleted. */
  readonly content?: { readonly value: Json };
  readonly deletedAt?: number;
}

export interface DocumentPage {
  readonly documents: readonly { readonly key: string; readonly value: Json; readonly version: string }[];
  readonly cursor?: string;
}

/** Fails with a `StoreError`. */
export interface Documents {
  get(key: string): Promise<{ readonly value: Json; readonly version: string } | null>;
  /** Writes for the call where `expected` holds; resolves to the new version, or undefined where it does not hold. */
  put(key: string, value: Json, expected: DocumentExpectation, call: string): Promise<string | undefined>;
  /** Resolves to whether there was a document; undefined where `expected` does not hold. */
  delete(key: string, expected: DocumentExpectation, call: string): Promise<boolean | undefined>;
  scan(prefix: string, options: ScanOptions): Promise<DocumentPage>;
}

export interface ScanOptions {
  readonly limit: number;
  readonly cursor?: string;
  readonly reverse: boolean;
}

/** The documents in `store`; `mayWrite` lets a scan take deleted ones away that nobody has to remember any more. */
export function createDocuments(store: Store, mayWrite: boolean): Documents {
  async function change(
    key: string,
    expected: DocumentExpectation,
    call: string,
    next: (before: Kept | undefined) => { readonly write: Write; readonly rest: Omit<Kept, 'writes'> },
  ): Promise<Write | undefined> {
    for (;;) {
      const found = await store.get(prefix + key);
      const before = found && keptIn(found);
      const earlier = before?.writes.find((write) => write.call === call);
      if (earlier !== undefined) return earlier;
      if (!holds(expected, before)) return undefined;
      const { write, rest } = next(before);
      const writes = [...(before?.writes ?? []), write].slice(-rememberedWrites);
      const kept: Kept = { writes, ...rest };
      const condition = found === undefined ? 'absent' : { version: found.version };
      if ((await store.put(prefix + key, kept as object as JsonObject, condition)) !== undefined)
        return write;
    }
  }

  return {
    async get(key) {
      const found = await store.get(prefix + key);
      const kept = found && keptIn(found);
      return kept?.content === undefined ? null : { value: kept.content.value, version: versionOf(kept) };
    },

    async put(key, value, expected, call) {
      const write = await change(key, expected, call, () => ({
        write: { call },
        rest: { content: { value } },
      }));
      return write?.call;
    },

    async delete(key, expected, call) {
      const write = await change(key, expected, call, (before) => ({
        write: { call, deleted: before?.content !== undefined },
        rest: { deletedAt: Date.now() },
      }));
      return write && write.deleted === true;
    },

    async scan(wanted, { limit, cursor, reverse }) {
      const page = await store.scan(prefix + wanted, { limit, cursor, reverse });
      const kept = page.documents.map((document) => ({ document, kept: keptIn(document) }));
      if (mayWrite) {
        const forgotten = kept.filter(
          ({ kept: { deletedAt = Infinity } }) => deletedAt + rememberedMs < Date.now(),
        );
        await Promise.all(forgotten.map(({ document: { key, version } }) => store.delete(key, { version })));
      }
      const documents = kept.flatMap(({ document, kept: { content, ...rest } }) =>
        content === undefined
          ? []
          : [{ key: document.key.slice(prefix.length), value: content.value, version: versionOf(rest) }],
      );
      return page.cursor === undefined ? { documents } : { documents, cursor: page.cursor };
    },
  };
}

/** Nothing else writes below the prefix. */
function keptIn({ value }: StoredDocument): Kept {
  return value as object as Kept;
}

function versionOf({ writes }: Pick<Kept, 'writes'>): string {
  return writes.at(-1)?.call ?? '';
}

function holds(expected: DocumentExpectation, kept: Kept | undefined): boolean {
  if (expected === 'any') return true;
  if (kept?.content === undefined) return expected === 'absent';
  return expected !== 'absent' && versionOf(kept) === expected.version;
}
