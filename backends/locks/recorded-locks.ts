/**
 * Locks as records that are written by compare-and-set, in a system that agrees before it answers: ZooKeeper, etcd, Consul.
 * The rules are here; a system brings records, leases and an order of those who wait.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { markOf, tokenAfter } from './lock-row.ts';
import type { LockRow, WaiterRow } from './lock-row.ts';
import { LockSystemError, maxQueueShown } from './port.ts';
import type { Lease, LockPage, Locks, LockState } from './port.ts';

/** A lock as it was read. */
export interface SeenLock {
  /** Absent where nobody ever had it. */
  readonly row: LockRow | undefined;
  /** Changes with the row. */
  readonly version: string;
  /** When the holder's lease runs out, in milliseconds since the epoch; the past where it has. */
  readonly expiresAt: number;
  /** Marks of those who wait, the next one first. */
  readonly queue: readonly string[];
}

export interface LockRecords {
  read(key: string): Promise<SeenLock>;
  /** Who waits, in order, at most so many. */
  waiters(key: string, limit: number): Promise<readonly WaiterRow[]>;
  /** Writes the row, begins a lease and takes the holder out of the queue; false where the lock was changed since. */
  hold(seen: SeenLock, row: LockRow): Promise<boolean>;
  /** Begins the lease of this row anew; false where it is over, or the lock was changed since. */
  prolong(seen: SeenLock, row: LockRow): Promise<boolean>;
  /** Writes a row without holder and ends the lease; false where the lock was changed since. */
  free(seen: SeenLock, row: LockRow): Promise<boolean>;
  /** Puts a waiter at the end of the queue, or keeps the place that it has. */
  enter(key: string, waiter: WaiterRow): Promise<void>;
  leave(key: string, holder: string): Promise<void>;
  /** Resolves when the lock may be free, the one before may have gone, or the time is over. */
  changed(key: string, before: string | undefined, milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Keys of locks in an order of the system's own, used ones at least. Throws a TypeError for a foreign cursor. */
  keys(
    limit: number,
    cursor?: string,
  ): Promise<{ readonly keys: readonly string[]; readonly nextCursor?: string }>;
  close(): Promise<void>;
}

/** How long a place is kept for who does not ask again, and how often who waits asks. */
export const patienceMs = 15_000;
const askMs = 4_000;

/** Locks on such records. `name` is for errors. */
export function createRecordedLocks(records: LockRecords, name: string): Locks {
  /** Begins the lease of who holds the lock anew, also one that ran out while nobody else wanted it. */
  async function keep(seen: SeenLock, row: LockRow, ttlMs: number): Promise<Lease | undefined> {
    const begun = Date.now();
    const isSame = seen.expiresAt > begun && row.ttlMs === ttlMs;
    const kept = isSame ? records.prolong(seen, row) : records.hold(seen, { ...row, ttlMs });
    return (await kept) ? { token: String(row.token), expiresAt: begun + ttlMs } : undefined;
  }

  /** Once: the lease, or the lock as somebody else has it. */
  async function claim(key: string, holder: string, ttlMs: number): Promise<Lease | SeenLock> {
    const begun = Date.now();
    const seen = await records.read(key);
    const { row, queue, expiresAt } = seen;
    if (row?.holder === holder) return (await keep(seen, row, ttlMs)) ?? seen;
    const isFree = row === undefined || row.holder === '' || expiresAt <= Date.now();
    const isNext = queue.length === 0 || queue[0] === markOf(holder);
    if (!isFree || !isNext) return seen;
    const token = tokenAfter(row?.token ?? 0);
    const isHeld = await records.hold(seen, { key, token, holder, since: begun, ttlMs });
    return isHeld ? { token: String(token), expiresAt: begun + ttlMs } : seen;
  }

  async function acquire(key: string, holder: string, ttlMs: number, until: number, signal?: AbortSignal) {
    const since = Date.now();
    const mark = markOf(holder);
    for (;;) {
      signal?.throwIfAborted();
      const answer = await claim(key, holder, ttlMs);
      if ('token' in answer) return answer;
      const left = until - Date.now();
      if (left <= 0) return undefined;
      const place = answer.queue.indexOf(mark);
      await records.enter(key, { holder, since });
      // What happened before it stood in the queue nobody tells it.
      if (place < 0) continue;
      const untilExpired = place === 0 ? Math.max(answer.expiresAt - Date.now(), 20) : askMs;
      const pause = Math.min(left, untilExpired, askMs);
      await records.changed(key, answer.queue[place - 1], pause, signal);
    }
  }

  /** Writes until nobody else does. */
  async function settle<T>(attempt: () => Promise<T | 'again'>): Promise<T> {
    for (;;) {
      const done = await attempt();
      if (done !== 'again') return done;
      await delay(Math.random() * 50);
    }
  }

  const release: Locks['release'] = async ({ key, holder, token }) => {
    if (token === undefined) await records.leave(key, holder);
    await settle(async () => {
      const seen = await records.read(key);
      const { row } = seen;
      if (row?.holder !== holder || (token !== undefined && String(row.token) !== token)) return undefined;
      return (await records.free(seen, { ...row, holder: '' })) ? undefined : 'again';
    });
  };

  async function get(key: string): Promise<LockState | undefined> {
    const { row, queue, expiresAt } = await records.read(key);
    const isHeld = row !== undefined && row.holder !== '' && expiresAt > Date.now();
    if (!isHeld && queue.length === 0) return undefined;
    const waiters = queue.length === 0 ? [] : await records.waiters(key, maxQueueShown);
    return {
      key,
      ...(isHeld && { held: { holder: row.holder, token: String(row.token), since: row.since, expiresAt } }),
      queue: waiters,
      waiting: queue.length,
    };
  }

  async function list(limit: number, cursor?: string): Promise<LockPage> {
    const { keys, nextCursor } = await records.keys(limit, cursor);
    const locks = (await Promise.all(keys.map(get))).filter((lock) => lock !== undefined);
    return { locks, ...(nextCursor === undefined ? {} : { nextCursor }) };
  }

  /** What went wrong in the system, by its name. */
  async function asked<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
    try {
      return await work;
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof TypeError || error instanceof LockSystemError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      const advice = 'Check that it runs and can be reached from here.';
      throw new LockSystemError(`The locks ${name} cannot be used: ${reason}. ${advice}`, { cause: error });
    }
  }

  return {
    async acquire({ key, holder, ttlMs, waitMs, signal }) {
      const lease = await asked(acquire(key, holder, ttlMs, Date.now() + waitMs, signal), signal);
      if (lease === undefined) await asked(release({ key, holder }));
      return lease;
    },
    renew: ({ key, holder, token, ttlMs }) =>
      asked(
        settle(async () => {
          const seen = await records.read(key);
          if (seen.row?.holder !== holder || String(seen.row.token) !== token) return undefined;
          return (await keep(seen, seen.row, ttlMs)) ?? 'again';
        }),
      ),
    release: (released) => asked(release(released)),
    get: (key) => asked(get(key)),
    list: ({ limit, cursor }) => asked(list(limit, cursor)),
    close: () => records.close(),
  };
}
