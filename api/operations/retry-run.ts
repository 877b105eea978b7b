/** The new run that a retry of an ended execution starts: at most one for each run that faulted. */
import { createHash } from 'node:crypto';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { WorkflowExecutionDescription, WorkflowStartOptions } from '@temporalio/client';
import { InternalWorkflowStartOptionsSymbol } from '@temporalio/client/lib/internal.js';
import type { InternalWorkflowStartOptions } from '@temporalio/client/lib/internal.js';
import { z } from 'zod';
import { maxArgumentBytes, memoKeys } from '../../workflows/contract.ts';
import type { RetryPlan } from '../../workflows/contract.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { refuseLarge } from '../payload-size.ts';
import { Problem } from '../problem.ts';
import { describeExecution } from '../read-execution.ts';
import { firstRunOf, retriedRun } from '../retry-links.ts';
import { startAttributes } from '../start-attributes.ts';
import { temporalDeadlineMs, withinDeadline } from '../temporal-deadline.ts';

/** What tells one request for a retry from another. */
export interface RetryAsked {
  /** Of its `Idempotency-Key`, if it had one. */
  readonly key?: string;
  /** Of the edited input. */
  readonly digest: string;
}

export interface RetryRun {
  readonly runId: string;
  readonly retryOf: string;
  /** Known from an earlier request. */
  readonly replayed: boolean;
}

const rememberedRequest: z.ZodType<RetryAsked> = z.object({
  key: z.string().optional(),
  digest: z.string(),
});

/**
 * The run that the same request started before: one with its key, or the retry of the run that it names. Fails with a
 * 409 problem where that retry was asked for with another input.
 */
export function earlierRetry(
  latest: WorkflowExecutionDescription,
  named: string | undefined,
  asked: RetryAsked,
): RetryRun | undefined {
  const retryOf = retriedRun(latest);
  const remembered = rememberedRequest.safeParse(latest.memo?.[memoKeys.retryRequest]).data;
  if (retryOf === undefined || remembered === undefined) return undefined;
  const sameKey = asked.key !== undefined && remembered.key === asked.key;
  if (!sameKey && retryOf !== named) return undefined;
  const run = { runId: firstRunOf(latest), retryOf, replayed: true };
  if (remembered.digest === asked.digest) return run;
  throw new Problem(
    sameKey ? 'idempotency-conflict' : 'execution-not-faulted',
    `The run ${retryOf} was retried with another input, as the run ${run.runId}`,
    { members: { runId: run.runId, retryOf } },
  );
}

/** Starts the retry of a closed run as `plan` says, or finds the one that somebody else started meanwhile. */
export async function startRetry(
  dependencies: ApiDependencies,
  faulted: WorkflowExecutionDescription,
  { start }: Extract<RetryPlan, { possible: true }>,
  asked: RetryAsked,
): Promise<RetryRun> {
  const { client, connection } = dependencies;
  const { workflowId: id, runId: retryOf } = faulted;
  if (start === undefined) throw new Error(`The plan of a retry of ${id} has no start`);
  refuseLarge('state of the execution with its definition', start, maxArgumentBytes);
  const options = startOptions(dependencies, faulted, start, asked);
  try {
    await withinDeadline(connection, temporalDeadlineMs, () => client.workflow.start(start.type, options));
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  const latest = await describeExecution(dependencies, id);
  const run = earlierRetry(latest, retryOf, asked);
  if (run === undefined) throw new Problem('execution-not-faulted', `"${id}" was retried meanwhile`);
  return { ...run, replayed: false };
}

function startOptions(
  { settings }: ApiDependencies,
  { workflowId, runId, memo }: WorkflowExecutionDescription,
  start: NonNullable<Extract<RetryPlan, { possible: true }>['start']>,
  asked: RetryAsked,
): WorkflowStartOptions & InternalWorkflowStartOptions {
  const { namespace, name, version } = start.definition.document;
  const workflow = `${namespace}/${name}`;
  return {
    workflowId,
    taskQueue: settings.temporal.taskQueue,
    args: [start],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    workflowIdConflictPolicy: 'FAIL',
    typedSearchAttributes: startAttributes({ workflow, namespace, version }),
    memo: {
      ...kept(memo, memoKeys.requestDigest),
      [memoKeys.workflow]: workflow,
      ...kept(memo, memoKeys.workflow),
      [memoKeys.retryOf]: runId,
      [memoKeys.retryRequest]: asked,
    },
    // The same for whoever retries this run: where one retry has faulted already, a second one would be let in by the
    // reuse policy and repeat its work. By the request id Temporal gives it the first one's run.
    [InternalWorkflowStartOptionsSymbol]: {
      requestId: createHash('sha256').update(`retry ${runId}`).digest('hex'),
    },
  };
}

function kept(memo: Readonly<Record<string, unknown>> | undefined, key: string): Record<string, unknown> {
  return memo?.[key] === undefined ? {} : { [key]: memo[key] };
}
