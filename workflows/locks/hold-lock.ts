/** How workflow code holds a lock: through three activities, of which one keeps it meanwhile. docs/adr/0007. */
import {
  ActivityCancellationType,
  CancellationScope,
  isCancellation,
  log,
  proxyActivities,
} from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import { lockHeartbeatMs } from '../contract.ts';

/** Who waits hears of a cancellation within this time, and leaves the queue then. */
export const waitHeartbeatMs = 5_000;

/** A lock that a workflow holds or wants. */
export interface WantedLock {
  readonly key: string;
  readonly holder: string;
  readonly ttlMs: number;
  /** Of the task, or `/`. */
  readonly reference: string;
  /** What the Web UI shows. */
  readonly summary: string;
}

/** Thrown where the lock was lost while the work under it went on. */
export class LockLost extends Error {
  override readonly name = 'LockLost';
}

/**
 * Does `work` while the lock is kept under its token. Where it is lost, what the work has under way is cancelled, and
 * {@link LockLost} is thrown. A cancellation from outside goes to the work alone: the lock is kept until it has ended.
 */
export async function keepWhile<T>(lock: WantedLock, token: string, work: () => Promise<T>): Promise<T> {
  const outer = CancellationScope.current();
  // Nobody goes on with it: it is only taken up to be closed.
  if (outer.consideredCancelled) return await work();
  const body = new CancellationScope();
  let isLost = false;
  const keeping = await CancellationScope.nonCancellable(async () => new CancellationScope());
  const kept = keeping
    .run(async () => {
      while ((await keep(lock, token)) === 'held');
    })
    .catch((error: unknown) => {
      if (isCancellation(error) && keeping.consideredCancelled) return;
      log.warn('A lock could not be kept', { key: lock.key, error });
    })
    .then(() => {
      if (keeping.consideredCancelled) return;
      isLost = true;
      body.cancel();
    });
  try {
    const result = await body.run(work);
    if (isLost) throw new LockLost(lock.key);
    return result;
  } catch (error) {
    if (isLost && isCancellation(error) && !outer.consideredCancelled) throw new LockLost(lock.key);
    throw error;
  } finally {
    keeping.cancel();
    await kept;
  }
}

/**
 * Lets go of the lock, or without a token of whatever the holder has of it. Resolves when that is done, or when the lease
 * has run out anyway because the lock system is away.
 */
export async function letGo(
  { key, holder, ttlMs, reference, summary }: WantedLock,
  token?: string,
): Promise<void> {
  const { releaseLock } = proxyActivities<Activities>({
    summary,
    startToCloseTimeout: '20 seconds',
    heartbeatTimeout: '10 seconds',
    scheduleToCloseTimeout: ttlMs,
    retry: { initialInterval: '200 milliseconds', maximumInterval: '5 seconds' },
  });
  try {
    const released = { reference, key, holder, ...(token === undefined ? {} : { token }) };
    await CancellationScope.nonCancellable(() => releaseLock(released));
  } catch (error) {
    log.warn('A lock could not be let go, and runs out', { key, error });
  }
}

/** Keeps the lock for at most an hour; gives whether it is still there. */
async function keep(
  { key, holder, ttlMs, reference, summary }: WantedLock,
  token: string,
): Promise<'held' | 'lost'> {
  const heartbeatMs = lockHeartbeatMs(ttlMs);
  const { keepLock } = proxyActivities<Activities>({
    summary,
    startToCloseTimeout: '70 minutes',
    heartbeatTimeout: heartbeatMs,
    // Another worker has to be there before the lease runs out.
    retry: {
      initialInterval: Math.round(heartbeatMs / 4),
      backoffCoefficient: 1.2,
      maximumInterval: heartbeatMs,
    },
    cancellationType: ActivityCancellationType.TRY_CANCEL,
  });
  return (await keepLock({ reference, key, holder, token, ttlMs })).state;
}
