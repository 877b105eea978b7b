/** The part of the conformance suite that is about scans. */
import type { Json } from '../../dsl/json.ts';
import type { Page, Store } from './port.ts';

/** The store under test, and a prefix that belongs to one test alone. */
export interface TestArea {
  readonly store: Store;
  readonly area: string;
}

/** The keys under a prefix, without the area, by as many pages as it takes. */
export async function scannedKeys(
  { store, area }: TestArea,
  prefix: string,
  { limit, reverse = false }: { readonly limit: number; readonly reverse?: boolean },
): Promise<string[]> {
  const found: string[] = [];
  let page: Page | undefined;
  do {
    page = await store.scan(area + prefix, { limit, cursor: page?.cursor, reverse });
    expect(page.documents.length).toBeLessThanOrEqual(limit);
    found.push(...page.documents.map((document) => document.key.slice(area.length)));
  } while (page.cursor !== undefined);
  return found;
}

/** 0 up to, not including, `count`. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}

/** In order of their bytes, and none twice. */
function expectInOrder(keys: readonly string[], reverse: boolean): void {
  const sorted = [...new Set(keys)].toSorted((left, right) =>
    Buffer.compare(Buffer.from(left), Buffer.from(right)),
  );
  expect(keys).toEqual(reverse ? sorted.toReversed() : sorted);
}

/** Declares the tests; `current` gives the store and area of the running one. */
export function scanConformance(current: () => TestArea): void {
  let store: Store;
  let area: string;

  async function put(key: string, value: Json = key): Promise<void> {
    await store.put(area + key, value, 'any');
  }

  async function keysOf(prefix: string, limit = 1_000, reverse = false): Promise<string[]> {
    return await scannedKeys({ store, area }, prefix, { limit, reverse });
  }

  describe('scans', () => {
    beforeEach(() => {
      ({ store, area } = current());
    });

    test('a prefix gives its own documents and no neighbour', async () => {
      const keys = ['Z', 'a', 'a\u0000', 'a\u0000b', 'ab', 'a\uffff', 'a\uffffb', 'a\u{10000}', 'b'];
      for (const key of keys) await put(key);
      expect(await keysOf('')).toEqual(keys);
      expect(await keysOf('a')).toEqual(keys.slice(1, -1));
      expect(await keysOf('a\u0000')).toEqual(['a\u0000', 'a\u0000b']);
      expect(await keysOf('a\uffff')).toEqual(['a\uffff', 'a\uffffb']);
      expect(await keysOf('a\uffff', 1, true)).toEqual(['a\uffffb', 'a\uffff']);
      expect(await keysOf('c')).toEqual([]);
    });

    test('the empty prefix is everything', async () => {
      await put('a');
      const seen = new Set<string>();
      let page = await store.scan('', { limit: 1_000 });
      for (;;) {
        for (const { key } of page.documents) seen.add(key);
        if (page.cursor === undefined) break;
        page = await store.scan('', { limit: 1_000, cursor: page.cursor });
      }
      expect(seen.has(`${area}a`)).toBe(true);
    });

    test('pages follow each other without gap or repeat, and the last has no cursor', async () => {
      const keys = range(25).map((n) => `k${String(n).padStart(2, '0')}`);
      for (const key of keys) await put(key);
      for (const limit of [1, 5, 24, 25, 26]) {
        expect(await keysOf('k', limit)).toEqual(keys);
        expect(await keysOf('k', limit, true)).toEqual(keys.toReversed());
      }
      expect((await store.scan(`${area}k`, { limit: 25 })).cursor).toBeUndefined();
    });

    test.each([false, true])(
      'documents that stay come exactly once while others are written and deleted (reverse: %p)',
      async (reverse) => {
        const stay = range(40).map((n) => `k${String(n).padStart(2, '0')}`);
        for (const key of stay) await put(key);
        const found: string[] = [];
        let page: Page | undefined;
        for (let n = 0; n === 0 || page?.cursor !== undefined; n++) {
          page = await store.scan(`${area}k`, { limit: 3, cursor: page?.cursor, reverse });
          found.push(...page.documents.map((document) => document.key.slice(area.length)));
          // Between two pages, all over the range: new documents come, earlier new ones go, one that stays changes.
          for (const m of range(40).filter((candidate) => candidate % 13 === n % 13)) {
            await put(`${stay[m]}-new`);
            await store.delete(`${area}${stay[(m + 20) % 40]}-new`, 'any');
            await put(stay[(m + 7) % 40] ?? '', 'changed');
          }
        }
        expectInOrder(found, reverse);
        const expected = reverse ? stay.toReversed() : stay;
        expect(found.filter((key) => !key.includes('-new'))).toEqual(expected);
      },
    );

    test('documents that stay come exactly once while others write without a pause', async () => {
      const stay = range(30).map((n) => `k${String(n).padStart(2, '0')}`);
      for (const key of stay) await put(key);
      let isOver = false;
      const writers = range(4).map(async (writer) => {
        for (let n = writer; !isOver; n += 7) {
          const passing = `${area}${stay[n % 30]}-${writer}`;
          await store.put(passing, n, 'any');
          await put(stay[(n + 11) % 30] ?? '', n);
          await store.delete(passing, 'any');
        }
      });
      for (const reverse of [false, true, false]) {
        const found = await keysOf('k', 4, reverse);
        expectInOrder(found, reverse);
        const expected = reverse ? stay.toReversed() : stay;
        expect(found.filter((key) => !key.includes('-'))).toEqual(expected);
      }
      isOver = true;
      await Promise.all(writers);
    });

    test('a cursor goes on although its own document was deleted', async () => {
      for (const key of ['a', 'b', 'c']) await put(key);
      const { cursor } = await store.scan(area, { limit: 2 });
      await store.delete(`${area}b`, 'any');
      const rest = await store.scan(area, { limit: 2, cursor });
      expect(rest.documents.map((document) => document.value)).toEqual(['c']);
    });

    test('large values make shorter pages and lose nothing', async () => {
      const value = 'x'.repeat(1024 * 1024);
      for (const n of range(12)) await put(`big${n}`, value);
      expect(await keysOf('big')).toHaveLength(12);
    });

    test('a limit out of bounds and a cursor of elsewhere are refused', async () => {
      await put('a1');
      await put('a2');
      const { cursor } = await store.scan(`${area}a`, { limit: 1 });
      const bad = [
        store.scan(area, { limit: 0 }),
        store.scan(area, { limit: 1_001 }),
        store.scan(area, { limit: 1.5 }),
        store.scan(`${area}b`, { limit: 1, cursor }),
        store.scan(area, { limit: 1, cursor: 'no cursor' }),
        store.scan(area, { limit: 1, cursor: '' }),
      ];
      for (const outcome of await Promise.allSettled(bad)) {
        expect(outcome).toMatchObject({
          status: 'rejected',
          reason: { name: 'StoreError', type: 'invalid' },
        });
      }
    });
  });
}
