/** Locks for workflows written in TypeScript. */
import {
  ActivityCancellationType,
  ApplicationFailure,
  ContinueAsNew,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { Duration } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time.js';
import type { Activities } from '../../activities/index.ts';
import { lockKeyProblem, lockTtl, lockTtlProblem } from '../../dsl/lock.ts';
import { lockFailureTypes, lockHolder } from '../contract.ts';
import { activityTimeouts } from '../engine/activity-timeouts.ts';
import { idempotencyKey } from '../engine/idempotency-key.ts';
import { summary } from '../engine/names.ts';
import { keepWhile, letGo, LockLost, waitHeartbeatMs, type WantedLock } from './hold-lock.ts';

export interface WithLockOptions {
  /** How long the lock outlives the last sign of its holder, from 5 seconds; 30 seconds unless told. */
  readonly ttl?: Duration;
  /** How long to wait for it; for ever unless told. */
  readonly wait?: Duration;
}

/** What the function under a lock gets. */
export interface HeldLock {
  readonly key: string;
  /** The fencing token: pass it to whatever the lock guards. */
  readonly token: string;
}

// The activity waits for five minutes at most.
const askMs = 6 * 60_000;

// How much longer than wanted the lock system may take to say that it is too late.
const lateMs = 5_000;

// Holds of this run that are open, by key. Workflow code has a world of its own for each execution.
const open = new Map<string, Set<number>>();

/**
 * Runs `fn` while this execution holds the lock, and lets go however it ends. What it has under way is cancelled where the
 * lock is lost. Where `fn` continues as new, the lock is kept for the next run, which gets it under the same token by the
 * same call. Fails without retries with one of `lockFailureTypes` where the lock is lost, or late. Two calls at once are two holders: the second one waits for the first.
 */
export async function withLock<T>(
  key: string,
  { ttl, wait }: WithLockOptions,
  fn: (lock: HeldLock) => Promise<T>,
): Promise<T> {
  const ttlMs = ttl === undefined ? lockTtl.defaultMs : msToNumber(ttl);
  const problem = lockKeyProblem(key) ?? lockTtlProblem(ttlMs);
  if (problem !== undefined) throw ApplicationFailure.nonRetryable(problem, 'InvalidLock');
  const { number, close } = openHold(key);
  const { workflowId, firstExecutionRunId } = workflowInfo();
  const mark = idempotencyKey(firstExecutionRunId, `${key}#${number}`);
  const lock: WantedLock = {
    key,
    ttlMs,
    holder: lockHolder(workflowId, mark),
    reference: '/',
    summary: summary(`lock ${key}`),
  };
  const until = wait === undefined ? undefined : Date.now() + msToNumber(wait);
  let token: string | undefined;
  try {
    const had = (token = await acquire(lock, until));
    const result = await keepWhile(lock, had, () => fn({ key, token: had }));
    await letGo(lock, token);
    return result;
  } catch (error) {
    if (error instanceof ContinueAsNew) throw error;
    if (error instanceof LockLost)
      throw ApplicationFailure.nonRetryable(
        `The lock ${key} was lost: it was not renewed in time`,
        lockFailureTypes.lost,
      );
    await letGo(lock, token);
    throw error;
  } finally {
    close();
  }
}

async function acquire(
  { reference, key, holder, ttlMs, summary: text }: WantedLock,
  until?: number,
): Promise<string> {
  const { acquireLock } = proxyActivities<Activities>({
    ...activityTimeouts(askMs),
    heartbeatTimeout: waitHeartbeatMs,
    // One that still asks would stand in the queue again after this has left it.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    ...(until !== undefined && { scheduleToCloseTimeout: Math.max(1, until - Date.now()) + lateMs }),
    summary: text,
  });
  const request = { reference, key, holder, ttlMs, ...(until === undefined ? {} : { until }) };
  for (;;) {
    const answer = await acquireLock(request);
    if (answer.state === 'held') return answer.token;
    if (answer.state === 'late')
      throw ApplicationFailure.nonRetryable(
        `The lock ${key} was not to be had in time`,
        lockFailureTypes.late,
      );
  }
}

/** The first free number among the open holds of a key: the next run finds its hold under the same. */
function openHold(key: string): { readonly number: number; readonly close: () => void } {
  const numbers = open.get(key) ?? new Set<number>();
  open.set(key, numbers);
  let number = 1;
  while (numbers.has(number)) number += 1;
  numbers.add(number);
  return {
    number,
    close: () => {
      numbers.delete(number);
      if (numbers.size === 0) open.delete(key);
    },
  };
}
