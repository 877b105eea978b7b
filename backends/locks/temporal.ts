/**
 * Locks in Temporal itself: a workflow for each lock, first come first served, no other server. Whatever Temporal promises
 * for workflows holds for locks: a grant is written to its database before anybody hears of it. A handover takes a few
 * round trips to server and worker; the workers have to run.
 */
import { setTimeout as delay } from 'node:timers/promises';
import {
  isGrpcServiceError,
  WithStartWorkflowOperation,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import {
  lockMessages,
  lockWorkflowId,
  lockWorkflowType,
  searchAttributes,
} from '../../workflows/contract.ts';
import type {
  LockAnswer,
  LockClaim,
  LockRecord,
  LockRelease,
  LockRenewal,
} from '../../workflows/contract.ts';
import { maxQueueShown } from './port.ts';
import type { Locks, LockState } from './port.ts';

export interface TemporalLocksOptions {
  /** Both are asked for at their first use. */
  readonly client: () => Client;
  readonly taskQueue: () => string;
}

type LockWorkflow = (key: string) => Promise<never>;

/** So long one update waits for the lock; then it is asked for again. */
const turnMs = 10_000;

// So long an answer may take that is not waited for: without a worker none comes, and the client asks on for ever.
const answerMs = 10_000;

// Each lock of a page is asked.
const maxPage = 50;

// An update that comes while the lock continues as a new run is turned away, or loses its answer.
const maxRepeats = 20;
const repeatMs = 100;

/** Locks on the caller's client, which stays the caller's to close. */
export function openTemporalLocks({ client, taskQueue }: TemporalLocksOptions): Locks {
  const handle = (key: string) => client().workflow.getHandle(lockWorkflowId(key));
  const timely = <Answer>(ask: () => Promise<Answer>): Promise<Answer> =>
    client().withDeadline(Date.now() + answerMs, ask);

  function claim(key: string, claimed: LockClaim): Promise<LockAnswer> {
    return repeated(() =>
      client().workflow.executeUpdateWithStart<LockWorkflow, LockAnswer, [LockClaim]>(lockMessages.acquire, {
        args: [claimed],
        startWorkflowOperation: new WithStartWorkflowOperation<LockWorkflow>(lockWorkflowType, {
          workflowId: lockWorkflowId(key),
          taskQueue: taskQueue(),
          args: [key],
          workflowIdConflictPolicy: 'USE_EXISTING',
          staticSummary: `lock ${key}`.slice(0, 100).toWellFormed(),
        }),
      }),
    );
  }

  async function acquire(key: string, asked: Omit<LockClaim, 'waitMs'>, until: number, signal: AbortSignal) {
    for (;;) {
      const waitMs = Math.max(0, Math.min(until - Date.now(), turnMs));
      const answer = await client().withAbortSignal(signal, () => claim(key, { ...asked, waitMs }));
      // Who was given it while it waited asks once more: a lease that nobody may have heard of is brief.
      if ('token' in answer && answer.isBrief === true) continue;
      if ('token' in answer) return answer;
      const left = until - Date.now();
      if (left <= 0) return undefined;
      const pause = answer.retryAfterMs * (0.75 + Math.random() / 2);
      await delay(Math.min(pause, left), undefined, { signal });
    }
  }

  const release: Locks['release'] = async ({ key, ...released }) => {
    const given = repeated(() =>
      timely(() =>
        handle(key).executeUpdate<void, [LockRelease]>(lockMessages.release, { args: [released] }),
      ),
    );
    await orMissing(given);
  };

  return {
    async acquire({ key, holder, ttlMs, waitMs, signal = new AbortController().signal }) {
      signal.throwIfAborted();
      try {
        const lease = await acquire(key, { holder, ttlMs }, Date.now() + waitMs, signal);
        // Whoever gave up shall not be given it.
        if (lease === undefined) await release({ key, holder });
        return lease;
      } catch (error) {
        signal.throwIfAborted();
        throw error;
      }
    },
    async renew({ key, ...held }) {
      const renewed = repeated(() =>
        timely(() =>
          handle(key).executeUpdate<number | null, [LockRenewal]>(lockMessages.renew, { args: [held] }),
        ),
      );
      const expiresAt = await orMissing(renewed);
      return typeof expiresAt === 'number' ? { token: held.token, expiresAt } : undefined;
    },
    release,
    async get(key) {
      const record = await orMissing(handle(key).query<LockRecord>(lockMessages.state));
      return record === undefined ? undefined : stateOf(key, record);
    },
    async list({ limit, cursor }) {
      const { namespace } = client().options;
      const query = `WorkflowType = '${lockWorkflowType}' AND ExecutionStatus = 'Running' AND ${searchAttributes.status} = 'running'`;
      const page = await client().workflowService.listWorkflowExecutions({
        namespace,
        query,
        pageSize: Math.min(limit, maxPage),
        ...(cursor === undefined ? {} : { nextPageToken: Buffer.from(cursor, 'base64url') }),
      });
      const keys = page.executions.map(({ execution }) =>
        (execution?.workflowId ?? '').slice(lockWorkflowId('').length),
      );
      const locks = await Promise.all(keys.map((key) => this.get(key)));
      const next = Buffer.from(page.nextPageToken).toString('base64url');
      return {
        locks: locks.filter((lock) => lock !== undefined),
        ...(next === '' ? {} : { nextCursor: next }),
      };
    },
    close: () => Promise.resolve(),
  };
}

/** Does it again where the lock was between two of its runs: every update is safe to repeat. */
async function repeated<Result>(update: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await update();
    } catch (error) {
      if (attempt >= maxRepeats || !isBetweenRuns(error)) throw error;
      await delay(repeatMs * Math.min(attempt, 10));
    }
  }
}

function isBetweenRuns(error: unknown): boolean {
  if (error instanceof WorkflowUpdateFailedError) {
    return (
      error.cause instanceof ApplicationFailure && error.cause.type === 'AcceptedUpdateCompletedWorkflow'
    );
  }
  // Failed precondition: the workflow task is done again. Aborted, resource exhausted: too many updates at once.
  return isGrpcServiceError(error) && [8, 9, 10].includes(error.code);
}

async function orMissing<Result>(answer: Promise<Result>): Promise<Result | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

function stateOf(key: string, { held, queue }: LockRecord): LockState | undefined {
  const isHeld = held !== undefined && held.expiresAt > Date.now();
  if (!isHeld && queue.length === 0) return undefined;
  return {
    key,
    ...(isHeld
      ? {
          held: {
            holder: held.holder,
            token: String(held.token),
            since: held.since,
            expiresAt: held.expiresAt,
          },
        }
      : {}),
    queue: queue.slice(0, maxQueueShown).map(({ holder, since }) => ({ holder, since })),
    waiting: queue.length,
  };
}
