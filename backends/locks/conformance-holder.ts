/**
 * A holder in a process of its own, for tests that stop or kill it: `node conformance-holder.ts URL KEY HOLDER TTL_MS
 * RESOURCE`. Takes the lock, then writes to the resource under its token ten times a second, whatever becomes of the lock,
 * and renews it. Says in lines of JSON what it does. `TEMPORAL` in the environment says where the server of `temporal:` is.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { openLocks } from './open.ts';

const [url = '', key = '', holder = '', ttl = '', resource = ''] = process.argv.slice(2);
const ttlMs = Number(ttl);
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const { address, namespace, taskQueue } = JSON.parse(process.env['TEMPORAL'] ?? '{}') as Record<
  string,
  string
>;
const connection = Connection.lazy({ address });
const client = new Client({ connection, namespace });
const temporal = { client: () => client, taskQueue: () => taskQueue ?? '' };
const locks = await openLocks(url, { temporal });

const lease = await locks.acquire({ key, holder, ttlMs, waitMs: 60_000 });
if (lease === undefined) throw new Error('The lock was not to be had');
const { token } = lease;
let renewAt = Date.now() + ttlMs / 3;
for (;;) {
  const { status } = await fetch(`${resource}/?holder=${holder}&token=${token}`, { method: 'POST' });
  say({ token, status });
  if (Date.now() >= renewAt) {
    const renewed = await locks.renew({ key, holder, token, ttlMs });
    if (renewed === undefined) say({ lost: true });
    renewAt = Date.now() + ttlMs / 3;
  }
  await delay(100);
}
