import type { AcquiredLock, AcquireLockRequest } from '../../workflows/contract.ts';
import { releaseIfOver } from './lock-context.ts';
import type { LockContext } from './lock-context.ts';

// Whoever waits asks anew after so long.
const longestMs = 5 * 60_000;

/** Waits for a lock, for at most five minutes. A holder that asks again keeps its place, and its token once it has one. */
export async function acquireLock(
  { key, holder, ttlMs, until = Infinity }: AcquireLockRequest,
  context: LockContext,
  signal: AbortSignal,
): Promise<AcquiredLock> {
  const enough = AbortSignal.timeout(longestMs);
  try {
    const lease = await context.locks.acquire({
      key,
      holder,
      ttlMs,
      waitMs: Math.min(Math.max(0, until - Date.now()), 2 * longestMs),
      signal: AbortSignal.any([signal, enough]),
    });
    signal.throwIfAborted();
    return lease === undefined ? { state: 'late' } : { state: 'held', token: lease.token };
  } catch (error) {
    if (signal.aborted) {
      await releaseIfOver(context, { key, holder });
      signal.throwIfAborted();
    }
    if (enough.aborted) return { state: 'waiting' };
    throw error;
  }
}
