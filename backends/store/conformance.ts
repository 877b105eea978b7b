/**
 * What every store promises, as a jest suite that each adapter passes against its real system. An adapter's test file
 * calls {@link storeConformance} once; nothing here knows which database it is.
 */
import type { Json } from '../../dsl/json.ts';
import type { ServerControl, ServerTls } from '../../test/servers/server.ts';
import { insertConformance } from './conformance-inserts.ts';
import { outageConformance } from './conformance-outage.ts';
import { processConformance } from './conformance-processes.ts';
import { range, scanConformance, scannedKeys } from './conformance-scans.ts';
import { tlsConformance } from './conformance-tls.ts';
import { openStore } from './open.ts';
import type { Store } from './port.ts';

/** A store by its URL, and the folder of local state. */
export interface Place {
  readonly url: string;
  readonly data: string;
}

export interface StoreUnderTest {
  /** Where the tests write; called in each of them. It may hold what other runs left. */
  place(): Place;
  /** The same place under a URL by which calls give up sooner, where that takes long otherwise. */
  impatient?(): Place;
  /** Another place each time, where no store has been before. */
  fresh(): Promise<Place>;
  /** Absent where there is no server, or it is not ours to kill. */
  readonly server?: ServerControl;
  /** Absent where it takes no TLS, or was not started here. */
  readonly tls?: ServerTls;
}

/** Declares the suite. */
export function storeConformance(name: string, underTest: StoreUnderTest): void {
  describe(`store conformance: ${name}`, () => {
    let store: Store;
    let area: string;

    let opened: Store[] = [];

    async function reopen(): Promise<Store> {
      const { url, data } = underTest.place();
      const one = await openStore(url, data);
      opened.push(one);
      return one;
    }

    beforeEach(async () => {
      store = await reopen();
      // Each test has a prefix of its own: a database that lives on keeps what earlier runs wrote.
      area = `conformance/${crypto.randomUUID()}/`;
    });

    afterEach(async () => {
      for (const one of opened) await one.close();
      opened = [];
    });

    async function put(key: string, value: Json = key): Promise<void> {
      await store.put(area + key, value, 'any');
    }

    describe('writes', () => {
      test('a document is read as it was written, under the version that the write gave', async () => {
        const value = { list: [1, -0.5, 1e300, null, true, 'text'], nested: { '': {}, ' ': [] } };
        const version = await store.put(`${area}a`, value, 'absent');
        expect(await store.get(`${area}a`)).toEqual({ key: `${area}a`, value, version });
        expect(await store.get(`${area}b`)).toBeUndefined();
      });

      test('absent writes only where nothing is', async () => {
        expect(await store.put(`${area}a`, 1, 'absent')).toBeDefined();
        expect(await store.put(`${area}a`, 2, 'absent')).toBeUndefined();
        expect((await store.get(`${area}a`))?.value).toBe(1);
      });

      test('any writes over whatever is there and changes the version', async () => {
        const first = await store.put(`${area}a`, 1, 'any');
        const second = await store.put(`${area}a`, 1, 'any');
        expect(first).toBeDefined();
        expect(second).toBeDefined();
        expect(second).not.toBe(first);
      });

      test('a version writes only over that version', async () => {
        const first = (await store.put(`${area}a`, 1, 'absent')) ?? '';
        const second = await store.put(`${area}a`, 2, { version: first });
        expect(second).toBeDefined();
        expect(await store.put(`${area}a`, 3, { version: first })).toBeUndefined();
        expect(await store.put(`${area}missing`, 3, { version: first })).toBeUndefined();
        expect(await store.get(`${area}missing`)).toBeUndefined();
        expect(await store.get(`${area}a`)).toEqual({ key: `${area}a`, value: 2, version: second });
      });

      test('a version of before a delete never holds again', async () => {
        const first = (await store.put(`${area}a`, 1, 'absent')) ?? '';
        await store.delete(`${area}a`, 'any');
        await store.put(`${area}a`, 1, 'absent');
        expect(await store.put(`${area}a`, 2, { version: first })).toBeUndefined();
        expect(await store.delete(`${area}a`, { version: first })).toBe(false);
      });

      test('of 20 writers that race for an absent key exactly one wins', async () => {
        const versions = await Promise.all(range(20).map((n) => store.put(`${area}a`, n, 'absent')));
        const winners = range(20).filter((n) => versions[n] !== undefined);
        expect(winners).toHaveLength(1);
        expect((await store.get(`${area}a`))?.value).toBe(winners[0]);
      });

      test('20 writers that count up by compare-and-set lose nothing, over two connections too', async () => {
        const other = await reopen();
        await store.put(`${area}count`, 0, 'absent');
        await Promise.all(
          range(20).map(async (n) => {
            for (const _ of range(5)) await countUp(n % 2 === 0 ? store : other, `${area}count`);
          }),
        );
        expect((await store.get(`${area}count`))?.value).toBe(100);
      });

      test('another connection sees a write at once, and a new one sees it after a close', async () => {
        const other = await reopen();
        const version = await store.put(`${area}a`, 'kept', 'any');
        expect((await other.get(`${area}a`))?.version).toBe(version);
        await other.close();
        await store.close();
        const later = await reopen();
        expect(await later.get(`${area}a`)).toEqual({ key: `${area}a`, value: 'kept', version });
      });
    });

    describe('deletes', () => {
      test('any removes what is there, and removing nothing is true', async () => {
        await put('a');
        expect(await store.delete(`${area}a`, 'any')).toBe(true);
        expect(await store.get(`${area}a`)).toBeUndefined();
        expect(await store.delete(`${area}a`, 'any')).toBe(true);
      });

      test('a version removes only that version', async () => {
        const first = (await store.put(`${area}a`, 1, 'absent')) ?? '';
        const second = (await store.put(`${area}a`, 2, 'any')) ?? '';
        expect(await store.delete(`${area}a`, { version: first })).toBe(false);
        expect((await store.get(`${area}a`))?.value).toBe(2);
        expect(await store.delete(`${area}a`, { version: second })).toBe(true);
        expect(await store.delete(`${area}a`, { version: second })).toBe(false);
      });

      test('absent removes nothing and tells whether nothing is there', async () => {
        expect(await store.delete(`${area}a`, 'absent')).toBe(true);
        await put('a');
        expect(await store.delete(`${area}a`, 'absent')).toBe(false);
        expect(await store.get(`${area}a`)).toBeDefined();
      });
    });

    describe('keys and values', () => {
      const hostileKeys = [
        'a\u0000',
        'a\u0000b',
        "a'; DROP TABLE documents; --",
        'a%',
        'a_',
        'a*',
        'a\\',
        'a/../b',
        'a\n',
        'e\u0301',
        '\u00e9',
        '\u202egnirts',
        '\ud7ff',
        '\ue000',
        '\uffff',
        '\u{10000}',
        '\u{1f4a9}',
        '\u{10ffff}',
        '__proto__',
        ' ',
        'A',
        'a',
        'a ',
      ];

      test('hostile keys stay apart and come back unchanged, in code point order', async () => {
        for (const key of hostileKeys) {
          expect(await store.put(area + key, key, 'absent')).toBeDefined();
        }
        for (const key of hostileKeys) {
          expect(await store.get(area + key)).toMatchObject({ key: area + key, value: key });
        }
        const ordered = hostileKeys.toSorted(byCodePoint);
        expect(await scannedKeys({ store, area }, '', { limit: 3 })).toEqual(ordered);
        expect(await scannedKeys({ store, area }, '', { limit: 3, reverse: true })).toEqual(
          ordered.toReversed(),
        );
      });

      test('a key of 1,024 bytes is kept; longer, empty and lone-surrogate keys are refused', async () => {
        const longest = area + 'é'.repeat((1_024 - area.length) / 2) + 'x'.repeat((1_024 - area.length) % 2);
        expect(Buffer.byteLength(longest)).toBe(1_024);
        await store.put(longest, 1, 'absent');
        expect((await store.get(longest))?.key).toBe(longest);
        for (const key of [`${longest}x`, '', `${area}\ud800`, `${area}\udc00x`]) {
          const refusal = { name: 'StoreError', type: 'invalid' };
          await expect(store.put(key, 1, 'any')).rejects.toMatchObject(refusal);
          await expect(store.get(key)).rejects.toMatchObject(refusal);
          await expect(store.delete(key, 'any')).rejects.toMatchObject(refusal);
        }
      });

      test('values of 1 MiB and of unusual text come back unchanged', async () => {
        const values: Json[] = [
          'x'.repeat(1024 * 1024),
          '\u{1f600}'.repeat(256 * 1024),
          ['\u0000', '\ud800', '\u2028', '"\\', '\u{10ffff}'],
          JSON.parse('{"__proto__": 1, "constructor": 2, "$set": {"a.b": 3}, "": 4}') as Json,
          null,
          false,
          0,
          '',
          [],
          {},
        ];
        for (const [n, value] of values.entries()) await put(`v${n}`, value);
        for (const [n, value] of values.entries()) {
          const found = await store.get(`${area}v${n}`);
          expect(JSON.stringify(found?.value) === JSON.stringify(value)).toBe(true);
        }
      });

      test('a value over 4 MiB is refused and leaves the document as it was', async () => {
        await put('a', 1);
        const huge = 'x'.repeat(4 * 1024 * 1024);
        await expect(store.put(`${area}a`, huge, 'any')).rejects.toMatchObject({ type: 'invalid' });
        expect((await store.get(`${area}a`))?.value).toBe(1);
      });
    });

    insertConformance(() => ({ store, area }), reopen);
    scanConformance(() => ({ store, area }));
    processConformance(underTest);
    if (underTest.tls !== undefined) tlsConformance(underTest.tls);
    if (underTest.server !== undefined) outageConformance(underTest, underTest.server);

    describe('connection', () => {
      test('ping resolves while the store is open', async () => {
        await expect(store.ping()).resolves.toBeUndefined();
      });

      test('after close every call fails and says so, and closing again is harmless', async () => {
        await store.close();
        await store.close();
        const calls = [
          store.get(`${area}a`),
          store.put(`${area}a`, 1, 'any'),
          store.delete(`${area}a`, 'any'),
          store.scan(area, { limit: 1 }),
          store.ping(),
        ];
        for (const outcome of await Promise.allSettled(calls)) {
          expect(outcome).toMatchObject({
            status: 'rejected',
            reason: { name: 'StoreError', type: 'closed' },
          });
        }
      });
    });
  });
}

async function countUp(store: Store, key: string): Promise<void> {
  for (;;) {
    const document = await store.get(key);
    if (document === undefined) throw new Error(`${key} is gone`);
    // Lets the other writers in between the read and the write.
    await new Promise(setImmediate);
    const written = await store.put(key, Number(document.value) + 1, { version: document.version });
    if (written !== undefined) return;
  }
}

function byCodePoint(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
