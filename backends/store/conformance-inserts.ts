/** The part of the conformance suite that is about many documents at once. */
import { range, scannedKeys } from './conformance-scans.ts';
import type { TestArea } from './conformance-scans.ts';
import type { NewDocument, Store } from './port.ts';

/** Declares the tests; `current` gives the store and area of the running one, `reopen` one more handle of the store. */
export function insertConformance(current: () => TestArea, reopen: () => Promise<Store>): void {
  describe('many inserts', () => {
    let store: Store;
    let area: string;

    beforeEach(() => {
      ({ store, area } = current());
    });

    function numbered(count: number, by: string): NewDocument[] {
      return range(count).map((n) => ({ key: `${area}k${String(n).padStart(3, '0')}`, value: { by, n } }));
    }

    test('write what is free, name what is taken, and leave that as it is', async () => {
      const documents = numbered(400, 'many');
      const there = documents.filter((_, n) => n % 90 === 7);
      for (const { key } of there) await store.put(key, 'before', 'absent');
      const taken = await store.insertAll(documents);
      expect([...taken].toSorted()).toEqual(there.map(({ key }) => key));
      for (const { key, value } of documents.filter((_, n) => n % 10 === 7)) {
        expect((await store.get(key))?.value).toEqual(taken.has(key) ? 'before' : value);
      }
      expect(await scannedKeys({ store, area }, '', { limit: 1_000 })).toHaveLength(400);
      expect((await store.insertAll(documents)).size).toBe(400);
      expect((await store.insertAll([])).size).toBe(0);
    });

    test('take large values and keys of any characters, and give versions that hold', async () => {
      const keys = ['\u0000', "'; --", '%_', '\u{1f4a9}', '\uffff', ' ', 'a', 'A'];
      const documents = keys.map((key, n) => ({
        key: area + key,
        value: n === 3 ? 'x'.repeat(1024 * 1024) : n,
      }));
      expect((await store.insertAll(documents)).size).toBe(0);
      const versions = new Set<string>();
      for (const { key, value } of documents) {
        const found = await store.get(key);
        expect(found?.value === value).toBe(true);
        versions.add(found?.version ?? '');
        expect(await store.put(key, 'changed', { version: found?.version ?? '' })).toBeDefined();
      }
      expect(versions.size).toBe(keys.length);
    });

    test('that race for the same keys: each is written by one of them, and told to the other', async () => {
      const other = await reopen();
      const [ours, theirs] = [numbered(150, 'ours'), numbered(150, 'theirs')];
      const [oursTaken, theirsTaken] = await Promise.all([
        store.insertAll(ours),
        other.insertAll(theirs.toReversed()),
      ]);
      for (const { key } of ours) {
        expect(oursTaken.has(key)).toBe(!theirsTaken.has(key));
        const found = await store.get(key);
        expect(found?.value).toMatchObject({ by: oursTaken.has(key) ? 'theirs' : 'ours' });
      }
    });

    test('write nothing where one is refused', async () => {
      const documents = [...numbered(2, 'refused'), { key: '', value: 1 }];
      await expect(store.insertAll(documents)).rejects.toMatchObject({ name: 'StoreError', type: 'invalid' });
      expect(await scannedKeys({ store, area }, '', { limit: 10 })).toEqual([]);
    });
  });
}
