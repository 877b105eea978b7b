/**
 * Locks in etcd 3: `etcd://user:password@host:2379,host2:2379/prefix`, `etcds:` over TLS; the prefix is `perdure/locks`
 * where the URL has none. A lock is three kinds of keys: `PREFIX/row/MARK`, which stays, `PREFIX/held/MARK` on the holder's
 * lease, and `PREFIX/wait/MARK/HOLDER` on a waiter's, in the order in which they were made. All of them change together in
 * one transaction, to which a majority of the servers has agreed before it is answered. Leases are counted in whole
 * seconds, two at least.
 */
import { Etcd3 } from 'etcd3';
import type { IKeyValue, Watcher } from 'etcd3';
import { clientOptions } from '../discovery/etcd.ts';
import { placeOf, tlsParameters } from '../discovery/registry-url.ts';
import { markOf, rowOf } from './lock-row.ts';
import type { LockRow, WaiterRow } from './lock-row.ts';
import { parseLocksUrl, readLocksTls } from './lock-url.ts';
import type { Locks } from './port.ts';
import { createRecordedLocks, patienceMs } from './recorded-locks.ts';
import type { LockRecords, SeenLock } from './recorded-locks.ts';
import { createWakeUps } from './wake-ups.ts';

/** Opens the client, which connects when it is used. */
export async function openEtcdLocks(url: string): Promise<Locks> {
  const parsed = parseLocksUrl(url, { port: 2379, parameters: tlsParameters });
  const tls = await readLocksTls(parsed, parsed.scheme === 'etcds');
  const client = new Etcd3(clientOptions(parsed, tls));
  const prefix = parsed.path === '' ? 'perdure/locks' : parsed.path;
  return createRecordedLocks(etcdRecords(client, prefix), placeOf(parsed));
}

function etcdRecords(client: Etcd3, prefix: string): LockRecords {
  const wakeUps = createWakeUps();
  const rowKey = (key: string): string => `${prefix}/row/${markOf(key)}`;
  const heldKey = (key: string): string => `${prefix}/held/${markOf(key)}`;
  const waitPrefix = (key: string): string => `${prefix}/wait/${markOf(key)}/`;
  const waitKey = (key: string, holder: string): string => waitPrefix(key) + markOf(holder);
  let watching: Promise<unknown> | undefined;
  let watcher: Watcher | undefined;

  /** Tells waiters of keys that were deleted. */
  function startToWatch(): Promise<unknown> {
    watching ??= new Promise<void>((resolve) => {
      watcher = client.watch().prefix(`${prefix}/`).only('delete').watcher();
      watcher.on('delete', ({ key }) => wakeUps.wake(key.toString()));
      watcher.on('connected', () => {
        // What happened before nobody told.
        wakeUps.wakeAll();
        resolve();
      });
      watcher.on('error', () => undefined);
    });
    return watching;
  }

  async function grant(milliseconds: number): Promise<string> {
    const seconds = Math.max(2, Math.ceil(milliseconds / 1_000));
    return (await client.leaseClient.leaseGrant({ TTL: seconds })).ID;
  }

  /** False where the lease is over. */
  async function keepAlive(lease: string): Promise<boolean> {
    const stream = await client.leaseClient.leaseKeepAlive();
    try {
      const { promise, resolve, reject } = Promise.withResolvers<{ readonly TTL: string }>();
      const timer = setTimeout(() => reject(new Error('etcd gave no answer in time')), 3_000);
      stream.on('data', resolve);
      stream.on('error', reject);
      stream.write({ ID: lease });
      const { TTL } = await promise.finally(() => clearTimeout(timer));
      return Number(TTL) > 0;
    } finally {
      stream.end();
    }
  }

  async function one(key: string): Promise<IKeyValue | undefined> {
    return (await client.get(key).exec()).kvs[0];
  }

  async function waiting(key: string): Promise<readonly IKeyValue[]> {
    const answer = await client.getAll().prefix(waitPrefix(key)).sort('Create', 'Ascend').exec();
    return answer.kvs;
  }

  /** The time that is left of a lease, in milliseconds; the whole seconds that etcd tells are rounded up. */
  async function leftMs(lease: string): Promise<number> {
    const { TTL } = await client.leaseClient.leaseTimeToLive({ ID: lease });
    return (Number(TTL) + 1) * 1_000;
  }

  return {
    async read(key): Promise<SeenLock> {
      const [row, held, waiters] = await Promise.all([one(rowKey(key)), one(heldKey(key)), waiting(key)]);
      return {
        row: rowOf(row?.value.toString()),
        version: row?.mod_revision ?? '0',
        expiresAt: held === undefined ? 0 : Date.now() + (await leftMs(held.lease)),
        queue: waiters.map((waiter) => waiter.key.toString().slice(waitPrefix(key).length)),
      };
    },
    async waiters(key, limit) {
      const found = await waiting(key);
      return found.slice(0, limit).map(({ value }) => JSON.parse(value.toString()) as WaiterRow);
    },
    async hold({ version, row: before }, row) {
      const { key, holder, ttlMs } = row;
      const lease = await grant(ttlMs);
      const unchanged = client.if(rowKey(key), 'Mod', '==', Number(version));
      // The row may have been read just after another holder took the lock, and that it is held just before.
      if (before?.holder !== holder) unchanged.and(heldKey(key), 'Create', '==', 0);
      const steps = [
        client.put(rowKey(key)).value(JSON.stringify(row)),
        client.put(heldKey(key)).value(holder).lease(lease),
        client.delete().key(waitKey(key, holder)),
      ];
      const { succeeded } = await unchanged.then(...steps).commit();
      if (!succeeded) await client.leaseClient.leaseRevoke({ ID: lease });
      return succeeded;
    },
    async prolong({ version }, row) {
      const held = await one(heldKey(row.key));
      if (held === undefined || !(await keepAlive(held.lease))) return false;
      return (await one(rowKey(row.key)))?.mod_revision === version;
    },
    async free({ version }, row) {
      const { key } = row;
      const { succeeded } = await client
        .if(rowKey(key), 'Mod', '==', Number(version))
        .then(client.put(rowKey(key)).value(JSON.stringify(row)), client.delete().key(heldKey(key)))
        .commit();
      return succeeded;
    },
    async enter(key, waiter) {
      const path = waitKey(key, waiter.holder);
      const known = await one(path);
      if (known !== undefined && (await keepAlive(known.lease))) return;
      const lease = await grant(patienceMs);
      await client
        .if(path, 'Create', '==', 0)
        .then(client.put(path).value(JSON.stringify(waiter)).lease(lease))
        .commit();
    },
    async leave(key, holder) {
      await client.delete().key(waitKey(key, holder)).exec();
    },
    async changed(key, before, milliseconds, signal) {
      const awaited = before === undefined ? heldKey(key) : waitPrefix(key) + before;
      const woken = wakeUps.expect(awaited);
      try {
        await Promise.race([startToWatch(), woken.within(milliseconds, signal)]);
        // It may have gone while nobody looked.
        if ((await one(awaited)) !== undefined) await woken.within(milliseconds, signal);
      } finally {
        woken.forget();
      }
    },
    async keys(limit, cursor) {
      const start = cursor === undefined ? `${prefix}/row/` : `${prefix}/row/${parsedCursor(cursor)}\0`;
      const page = client.getAll().inRange({ start, end: `${prefix}/row0` });
      const { kvs, more } = await page.limit(limit).exec();
      const rows = kvs.flatMap(({ value }) => rowOf(value.toString()) ?? ([] as LockRow[]));
      const last = kvs.at(-1)?.key.toString().slice(`${prefix}/row/`.length);
      return { keys: rows.map(({ key }) => key), ...(more && last !== undefined && { nextCursor: last }) };
    },
    close() {
      wakeUps.wakeAll();
      // It would wait for a server that is away.
      void watcher?.cancel().catch(() => undefined);
      client.close();
      return Promise.resolve();
    },
  };
}

function parsedCursor(cursor: string): string {
  if (!/^[\da-f]{40}$/.test(cursor)) throw new TypeError('not a cursor of this list');
  return cursor;
}
