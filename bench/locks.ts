/**
 * `npm run bench:locks`: how often a second a lock changes hands, on each lock system. Contenders in one process wait for
 * one lock each in turn; the time is from one grant to the next, release and wake-up included. Rounds of the systems are
 * interleaved. A system whose server cannot be started here is left out. `-- redis etcd` runs some; Temporal is always there.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openLocks } from '../backends/locks/open.ts';
import type { Locks } from '../backends/locks/port.ts';
import { startRestartableTemporal } from '../test/restartable-temporal.ts';
import { consul } from '../test/servers/consul.ts';
import { etcd } from '../test/servers/etcd.ts';
import { redis } from '../test/servers/redis.ts';
import type { TestServer } from '../test/servers/server.ts';
import { zookeeper } from '../test/servers/zookeeper.ts';

const root = resolve(import.meta.dirname, '..');
const { positionals } = parseArgs({ allowPositionals: true });

const rounds = 5;
const contenders = 10;
const turns = 10;

interface Contest {
  readonly name: string;
  readonly locks: Locks;
  /** Handovers a second, one a round. */
  readonly contended: number[];
  /** Locks had and let go one after the other, by one holder whom nobody disturbs. */
  readonly alone: number[];
}

const closing: (() => Promise<void>)[] = [];

async function serverOf(server: TestServer): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), `perdure-bench-${server.name}-`));
  try {
    const { url, stop } = await server.start(folder);
    closing.push(stop, () => rm(folder, { recursive: true, force: true }));
    return url;
  } catch (error) {
    console.log(`without ${server.name}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** From the first grant to the last one: handovers a second. */
async function contend({ locks, name }: Contest, round: number): Promise<number> {
  const key = `bench/${name}/${round}`;
  let held = 0;
  let first = 0;
  let last = 0;
  const contender = async (number: number): Promise<void> => {
    for (let turn = 0; turn < turns; turn += 1) {
      const holder = `${number}`;
      const lease = await locks.acquire({ key, holder, ttlMs: 30_000, waitMs: 120_000 });
      if (lease === undefined) throw new Error(`${name}: nobody had the lock for two minutes`);
      if (held > 0) throw new Error(`${name}: two hold the lock`);
      held += 1;
      last = performance.now();
      first ||= last;
      await new Promise((proceed) => setImmediate(proceed));
      held -= 1;
      await locks.release({ key, holder, token: lease.token });
    }
  };
  await Promise.all(Array.from({ length: contenders }, (_, number) => contender(number)));
  return ((contenders * turns - 1) * 1_000) / (last - first);
}

async function repeatAlone({ locks, name }: Contest, round: number): Promise<number> {
  const key = `bench/${name}/alone-${round}`;
  const times = 30;
  const begun = performance.now();
  for (let turn = 0; turn < times; turn += 1) {
    const lease = await locks.acquire({ key, holder: 'one', ttlMs: 30_000, waitMs: 10_000 });
    await locks.release({ key, holder: 'one', token: lease?.token ?? '' });
  }
  return (times * 1_000) / (performance.now() - begun);
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}

try {
  const temporal = await startRestartableTemporal(root);
  closing.push(() => temporal.close());
  const sources = { temporal: { client: () => temporal.client, taskQueue: () => temporal.taskQueue } };
  const contests: Contest[] = [];
  const add = async (name: string, url: string): Promise<void> => {
    const locks = await openLocks(url, sources);
    closing.push(() => locks.close());
    contests.push({ name, locks, contended: [], alone: [] });
  };
  await add('temporal', 'temporal:');
  for (const server of [redis, zookeeper, etcd, consul]) {
    if (positionals.length > 0 && !positionals.includes(server.name)) continue;
    const url = await serverOf(server);
    if (url !== undefined) await add(server.name, url);
  }
  // Round 0 warms up.
  for (let round = 0; round <= rounds; round += 1) {
    for (const contest of contests) {
      const [contended, alone] = [await contend(contest, round), await repeatAlone(contest, round)];
      if (round === 0) continue;
      contest.contended.push(contended);
      contest.alone.push(alone);
    }
  }
  const [base] = contests;
  console.log(
    `handovers a second, medians of ${rounds} rounds; ${contenders} contenders, each ${turns} times`,
  );
  console.log('| system | handovers a second | × Temporal | alone, a second | × Temporal |');
  console.log('| ------ | ------------------ | ---------- | --------------- | ---------- |');
  for (const { name, contended, alone } of contests) {
    const figures = [
      median(contended).toFixed(0),
      (median(contended) / median(base?.contended ?? [])).toFixed(1),
      median(alone).toFixed(0),
      (median(alone) / median(base?.alone ?? [])).toFixed(1),
    ];
    console.log(`| ${[name, ...figures].join(' | ')} |`);
  }
} finally {
  for (const close of closing.toReversed()) await close().catch((error: unknown) => console.error(error));
}
