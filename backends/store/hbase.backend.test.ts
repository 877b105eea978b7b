import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serverControl } from '../../test/servers/control.ts';
import { storeConformance } from './conformance.ts';
import { range, scannedKeys } from './conformance-scans.ts';
import { type Admin, openAdmin } from './hbase/admin-under-test.ts';
import { parseAddress, qualifiedName } from './hbase/address.ts';
import { Cluster } from './hbase/cluster.ts';
import { Connections } from './hbase/connections.ts';
import { Patience } from './hbase/patience.ts';
import { Regions } from './hbase/regions.ts';
import { openRelay, RelayedConnections } from './hbase/relay-under-test.ts';
import { Rows } from './hbase/rows.ts';
import { writesOn } from './hbase/writes.ts';
import { openStore } from './open.ts';
import type { Store } from './port.ts';

const url = process.env.PERDURE_TEST_HBASE_URL ?? '';

storeConformance('hbase', {
  place: () => ({ url, data: '' }),
  impatient: () => ({ url: `${url}&timeoutMs=3000`, data: '' }),
  fresh: () => Promise.resolve({ url: freshUrl(), data: '' }),
  server: serverControl(),
});

/** The URL of a table of its own. */
function freshUrl(): string {
  return url.replace(/table=\w+/, `table=perdure_${randomUUID().slice(0, 8)}`);
}

describe('a table', () => {
  let admin: Admin;
  let store: Store;

  beforeEach(async () => {
    const fresh = freshUrl();
    store = await openStore(fresh, '');
    admin = openAdmin(fresh);
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    admin.close();
    await store.close();
  });

  test('whose regions are split, moved and merged while 12 writers count up in it loses nothing', async () => {
    const keys = ['a', 'm', 'z'];
    for (const key of keys) await store.put(key, 0, 'absent');
    let isOver = false;
    const counted = Promise.all(
      range(12).map(async (n) => {
        const key = keys[n % keys.length] ?? '';
        let times = 0;
        for (; !isOver; times++) {
          await countUp(store, key);
          await store.put(`${key}-${n}`, times, 'any');
        }
        return times;
      }),
    );
    await admin.split('m');
    await admin.moveAll();
    await admin.split('n');
    await admin.moveAll();
    await admin.mergeFirst();
    isOver = true;
    const times = await counted;
    for (const [index, key] of keys.entries()) {
      const expected = times.filter((_, n) => n % keys.length === index).reduce((sum, each) => sum + each, 0);
      expect((await store.get(key))?.value).toBe(expected);
      expect(expected).toBeGreaterThan(0);
    }
  });

  test('of 4,000 deleted documents and three that are left is scanned to its end, in both directions', async () => {
    // More than the server looks at for one answer.
    const keys = range(4_000).map((n) => `k${String(n).padStart(4, '0')}`);
    const left = [7, 2_000, 3_999].map((n) => keys[n] ?? '');
    const waiting = [...keys];
    await Promise.all(
      range(32).map(async () => {
        for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
          await store.put(key, key, 'absent');
          if (!left.includes(key)) await store.delete(key, 'any');
        }
      }),
    );
    for (const limit of [1, 2, 3, 1_000]) {
      const area = { store, area: '' };
      expect(await scannedKeys(area, 'k', { limit })).toEqual(left);
      expect(await scannedKeys(area, 'k', { limit, reverse: true })).toEqual(left.toReversed());
    }
  });

  test('keeps a document that is written after a deletion by a clock that is an hour ahead', async () => {
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now + 3_600_000);
    await store.put('a', 'of the future', 'absent');
    await store.delete('a', 'any');
    jest.spyOn(Date, 'now').mockReturnValue(now);
    const version = await store.put('a', 'of now', 'absent');
    expect(await store.get('a')).toEqual({ key: 'a', value: 'of now', version });
    await admin.flush();
    expect(await store.get('a')).toEqual({ key: 'a', value: 'of now', version });
    expect(await store.put('a', 'later', { version: version ?? '' })).toBeDefined();
    expect(await store.put('a', 'at last', 'any')).toBeDefined();
    expect((await store.get('a'))?.value).toBe('at last');
  });

  test('shows nothing of before a deletion when its mark has gone after a day', async () => {
    // The mark of one that was made two days ago goes at once.
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() - 48 * 3_600_000);
    await store.put('a', 1, 'absent');
    await store.put('a', 2, 'any');
    await store.delete('a', 'any');
    clock.mockRestore();
    expect(await admin.cells()).toEqual([]);
    expect(await store.get('a')).toBeUndefined();
    expect(await store.put('a', 3, 'absent')).toBeDefined();
    expect((await store.scan('', { limit: 10 })).documents).toMatchObject([{ key: 'a', value: 3 }]);
  });
});

test('of writes on connections that break, each is done, refused or said to be unknown, as it really is', async () => {
  const fresh = freshUrl();
  const [store, admin, address] = [await openStore(fresh, ''), openAdmin(fresh), parseAddress(fresh)];
  const [server = ''] = await admin.servers();
  const [, host = '', port] = /^(.*):(\d+)$/.exec(server) ?? [];
  // Not a multiple of what a write sends and gets, so that it is another packet each time.
  const relay = await openRelay({ host, port: Number(port) }, 11);
  const direct = new Connections('perdure');
  const relayed = new RelayedConnections(new Map([[server, relay]]));
  const cluster = new Cluster(address.servers, direct);
  const rows = new Rows(new Regions(qualifiedName(address), cluster, direct), relayed);
  const writes = writesOn(rows, () => new Patience(10_000, new AbortController().signal));
  const count = { done: 0, refused: 0, unknown: 0 };
  await store.put('count', 0, 'absent');
  await Promise.all(
    range(6).map(async (writer) => {
      for (const n of range(40)) {
        const old = await store.get('count');
        const row = { key: 'count', version: `${writer}-${n}`, text: String(Number(old?.value) + 1) };
        const outcome = await writes.update(row, old?.version ?? '').then(
          (isDone) => (isDone ? 'done' : 'refused'),
          (error: unknown) => {
            expect(error).toMatchObject({ name: 'StoreError', retryable: true });
            return 'unknown' as const;
          },
        );
        count[outcome] += 1;
      }
    }),
  );
  const total = Number((await store.get('count'))?.value);
  expect(relay.broken()).toBeGreaterThan(20);
  expect(total).toBeGreaterThanOrEqual(count.done);
  expect(total).toBeLessThanOrEqual(count.done + count.unknown);
  expect(count.done).toBeGreaterThan(10);
  admin.close();
  relayed.close();
  direct.close();
  relay.close();
  await store.close();
});

test('a table that an administrator made of many regions is scanned over all of them, in both directions', async () => {
  const fresh = freshUrl();
  const admin = openAdmin(fresh);
  await admin.create('d', ['k10', 'k2,:', 'k25', 'k40\u0000', 'l', '\u{10ffff}']);
  const store = await openStore(fresh, '');
  const keys = range(60).map((n) => `k${String(n).padStart(2, '0')}`);
  for (const key of keys) await store.put(key, key, 'absent');
  expect(new Set(await admin.servers()).size).toBe(2);
  for (const limit of [1, 7, 1_000]) {
    for (const prefix of ['', 'k', 'k2', 'k4', 'k59', 'm']) {
      const expected = keys.filter((key) => key.startsWith(prefix));
      const area = { store, area: '' };
      expect(await scannedKeys(area, prefix, { limit })).toEqual(expected);
      expect(await scannedKeys(area, prefix, { limit, reverse: true })).toEqual(expected.toReversed());
    }
  }
  admin.close();
  await store.close();
});

describe('opening says what to do', () => {
  async function openingOf(other: string): Promise<unknown> {
    const begun = performance.now();
    const failure: unknown = await openStore(other, '').catch((error: unknown) => error);
    expect(performance.now() - begun).toBeLessThan(20_000);
    return failure;
  }

  test('when nothing listens', async () => {
    expect(await openingOf('hbase://127.0.0.1:1/default')).toMatchObject({
      name: 'StoreError',
      type: 'unavailable',
      retryable: true,
      message: expect.stringMatching(/^The store .*127\.0\.0\.1:1.*ECONNREFUSED.*Check that/),
    });
  });

  test('when what listens is not HBase', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await openingOf(`hbase://127.0.0.1:${port}/default`)).toMatchObject({
      type: 'unavailable',
      message: expect.stringContaining('does not speak the protocol of HBase'),
    });
    server.closeAllConnections();
    server.close();
  });

  test('when the namespace is missing', async () => {
    expect(await openingOf(url.replace('/default', '/nowhere'))).toMatchObject({
      type: 'unavailable',
      retryable: false,
      message: expect.stringContaining("create_namespace 'nowhere'"),
    });
  });

  test("when the table is another program's", async () => {
    const fresh = freshUrl();
    const admin = openAdmin(fresh);
    await admin.create('other', []);
    admin.close();
    expect(await openingOf(fresh)).toMatchObject({
      type: 'unavailable',
      retryable: false,
      message: expect.stringContaining('is another program\'s: it has no family "d"'),
    });
  });
});

async function countUp(store: Store, key: string): Promise<void> {
  for (;;) {
    const document = await store.get(key);
    if (document === undefined) throw new Error(`${key} is gone`);
    if (await store.put(key, Number(document.value) + 1, { version: document.version })) return;
  }
}
