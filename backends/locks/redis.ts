/**
 * Locks in Redis 6.2 or newer: one primary. Its clock counts leases, and a lock is handed on by script in the order in
 * which it was asked for.
 *
 * What a single primary cannot promise: replication is asynchronous, and by default the disk is a second behind. Where the
 * primary is lost, a grant of the last moments is lost with it, and a second holder may be let in while the first one still
 * works. Its token is greater all the same, since tokens never fall behind the clock: a fenced resource refuses the first
 * one from then on. Whoever cannot fence needs a lock system that agrees before it answers. Redis Cluster is not supported.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { storeName } from '../store/store-name.ts';
import { LockSystemError, maxQueueShown } from './port.ts';
import type { Lease, Locks, LockState } from './port.ts';
import { acquireScript, releaseScript, renewScript, stateScript } from './redis-scripts.ts';
import { createWakeUps } from './wake-ups.ts';

/** How long a place is kept for who does not ask again, and how often who waits asks. */
const patienceMs = 15_000;
const askMs = 3_000;

const usedKey = 'perdure:locks';
const channel = 'perdure:locks:free';

/** Opens `redis://user:password@host:port/database` or `rediss://…`; connects at the first use. */
export function openRedisLocks(url: string, report: (message: string, error: unknown) => void): Locks {
  const name = storeName(url);
  const options = {
    lazyConnect: true,
    connectTimeout: 5_000,
    commandTimeout: 5_000,
    maxRetriesPerRequest: 1,
    retryStrategy: (times: number) => Math.min(times * 100, 2_000),
  };
  const client = new Redis(url, options);
  const wakeUps = createWakeUps();
  let listener: Redis | undefined;
  let listening: Promise<unknown> | undefined;
  watch(client);

  function watch(connection: Redis): void {
    let isAway = false;
    connection.on('error', (error: Error) => {
      if (!isAway) report(`The locks ${name} are away`, error);
      isAway = true;
    });
    connection.on('ready', () => (isAway = false));
  }

  /** Hears who is next; without it waiters ask every few seconds. True where it has just begun to. */
  async function startsToListen(): Promise<boolean> {
    if (listening !== undefined) return false;
    listener = new Redis(url, { ...options, commandTimeout: undefined, maxRetriesPerRequest: null });
    watch(listener);
    listener.on('message', (_channel: string, holder: string) => wakeUps.wake(holder));
    listening = listener.subscribe(channel).catch(() => undefined);
    await Promise.race([listening, delay(askMs, undefined, { ref: false })]);
    return true;
  }

  async function run(script: string, key: string, ...args: readonly (string | number)[]): Promise<unknown> {
    const lock = `perdure:lock:{${key}}`;
    const keys = [lock, `${lock}:token`, `${lock}:queue`, `${lock}:waiters`, usedKey];
    try {
      return await client.eval(script, keys.length, ...keys, ...args);
    } catch (error) {
      throw unreachable(name, error);
    }
  }

  const release: Locks['release'] = async ({ key, holder, token = '' }) => {
    await run(releaseScript, key, key, holder, token, channel);
  };

  async function get(key: string): Promise<LockState | undefined> {
    return stateOf(key, (await run(stateScript, key, maxQueueShown)) as (string | number)[]);
  }

  return {
    async acquire({ key, holder, ttlMs, waitMs, signal }) {
      const until = Date.now() + waitMs;
      for (;;) {
        signal?.throwIfAborted();
        // Before it is asked: who is next may be told so while the answer is on its way.
        const woken = wakeUps.expect(holder);
        try {
          const answer = await run(acquireScript, key, key, holder, ttlMs, patienceMs);
          const [token, time, place] = answer as readonly [string, string, number];
          if (token !== '') return { token, expiresAt: Number(time) };
          const left = until - Date.now();
          if (left <= 0) {
            await release({ key, holder });
            return undefined;
          }
          // What was said while nobody listened is asked for.
          if (await startsToListen()) continue;
          const pause = place === 0 ? Math.min(Number(time), askMs) : askMs;
          await woken.within(Math.min(left, Math.max(pause, 10)), signal);
        } finally {
          woken.forget();
        }
      }
    },
    async renew({ key, holder, token, ttlMs }): Promise<Lease | undefined> {
      const expiresAt = String(await run(renewScript, key, holder, token, ttlMs));
      return expiresAt === '' ? undefined : { token, expiresAt: Number(expiresAt) };
    },
    release,
    get,
    async list({ limit, cursor }) {
      const after = cursor === undefined ? '-' : `(${Buffer.from(cursor, 'base64url').toString()}`;
      const keys = await client
        .zrangebylex(usedKey, after, '+', 'LIMIT', 0, limit)
        .catch((error: unknown) => {
          throw unreachable(name, error);
        });
      const locks = (await Promise.all(keys.map(get))).filter((lock) => lock !== undefined);
      const last = keys.at(-1);
      if (last === undefined || keys.length < limit) return { locks };
      return { locks, nextCursor: Buffer.from(last).toString('base64url') };
    },
    async close() {
      wakeUps.wakeAll();
      client.disconnect();
      listener?.disconnect();
      await listening;
    },
  };
}

function unreachable(name: string, cause: unknown): LockSystemError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LockSystemError(
    `The locks ${name} cannot be used: ${reason}. Check that the server runs and can be reached from here.`,
    { cause },
  );
}

function stateOf(key: string, answer: readonly (string | number)[]): LockState | undefined {
  const [holder = '', token = '', since, expiresAt, now, waiting, ...others] = answer.map(String);
  const queue: { readonly holder: string; readonly since: number }[] = [];
  for (let index = 0; index + 1 < others.length; index += 2)
    queue.push({ holder: others[index] ?? '', since: Number(others[index + 1]?.split(' ')[0]) });
  const isHeld = holder !== '' && Number(expiresAt) > Number(now);
  if (!isHeld && queue.length === 0) return undefined;
  return {
    key,
    ...(isHeld ? { held: { holder, token, since: Number(since), expiresAt: Number(expiresAt) } } : {}),
    queue,
    waiting: Number(waiting),
  };
}
