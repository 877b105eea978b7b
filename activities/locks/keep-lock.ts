import { setTimeout as delay } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { lockHeartbeatMs } from '../../workflows/contract.ts';
import type { KeepLockRequest, KeptLock } from '../../workflows/contract.ts';
import { withHeartbeat } from '../heartbeat.ts';
import { waitFor } from '../patience.ts';
import { releaseIfOver } from './lock-context.ts';
import type { LockContext } from './lock-context.ts';

// A lock that is held for days is kept by one activity after the other.
const longestMs = 60 * 60_000;

// Who comes late asks at least once: a lock that ran out may still be nobody else's.
const leastMs = 1_000;

/** What an attempt tells the one after it: how far the lease reaches for sure. */
interface KeptUntil {
  expiresAt: number;
}

/**
 * Renews a lock until the activity is cancelled, or the lock is lost. While the lock system is away it goes on trying for
 * as long as the lease lasts. Neither an end of the task nor continue-as-new lets go here: the engine does, or goes on.
 */
export async function keepLock(request: KeepLockRequest, context: LockContext): Promise<KeptLock> {
  const earlier = Context.current().info.heartbeatDetails as KeptUntil | undefined;
  const kept = { expiresAt: earlier?.expiresAt ?? Date.now() + request.ttlMs };
  return await withHeartbeat((signal) => keep(request, context, kept, signal), {
    everyMs: lockHeartbeatMs(request.ttlMs) / 3,
    details: () => kept,
  });
}

async function keep(
  { key, holder, token, ttlMs }: KeepLockRequest,
  context: LockContext,
  kept: KeptUntil,
  signal: AbortSignal,
): Promise<KeptLock> {
  const enough = Date.now() + longestMs;
  try {
    while (Date.now() < enough) {
      const asked = Date.now();
      let pauseMs = Math.min(ttlMs / 3, 60_000);
      try {
        const renewed = context.locks.renew({ key, holder, token, ttlMs });
        // A system that says nothing must hold up neither the end of the lease nor that of the worker.
        const timeoutMs = Math.max(leastMs, kept.expiresAt - asked);
        const lease = await waitFor(
          renewed,
          { timeoutMs, signal },
          () => new Error('No answer came in time'),
        );
        if (lease === undefined) return { state: 'lost' };
        kept.expiresAt = asked + ttlMs;
      } catch {
        // The lock system is away, for now.
        signal.throwIfAborted();
        if (Date.now() >= kept.expiresAt) return { state: 'lost' };
        pauseMs = Math.min(ttlMs / 10, 1_000);
      }
      await delay(pauseMs, undefined, { signal });
    }
    return { state: 'held' };
  } catch (error) {
    if (!signal.aborted) throw error;
    await releaseIfOver(context, { key, holder, token });
    signal.throwIfAborted();
    throw error;
  }
}
