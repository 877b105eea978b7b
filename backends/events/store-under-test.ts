/** For tests: a store that counts what is asked of it, and the documents that it gives. */
import type { Store } from '../store/port.ts';

export interface CountingStore extends Store {
  readonly counts: { reads: number; documents: number; writes: number };
}

/** Counts the operations on `store`. */
export function countingStore(store: Store): CountingStore {
  const counts = { reads: 0, documents: 0, writes: 0 };
  return {
    counts,
    async get(key) {
      counts.reads += 1;
      const document = await store.get(key);
      counts.documents += document === undefined ? 0 : 1;
      return document;
    },
    async scan(prefix, options) {
      counts.reads += 1;
      const page = await store.scan(prefix, options);
      counts.documents += page.documents.length;
      return page;
    },
    put(key, value, expected) {
      counts.writes += 1;
      return store.put(key, value, expected);
    },
    insertAll(documents) {
      counts.writes += documents.length;
      return store.insertAll(documents);
    },
    delete(key, expected) {
      counts.writes += 1;
      return store.delete(key, expected);
    },
    ping: () => store.ping(),
    close: () => store.close(),
  };
}
