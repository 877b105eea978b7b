import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { memoKeys } from '../workflows/contract.ts';
import type { ApiDependencies } from './dependencies.ts';
import { problemOf } from './error-problem.ts';
import { executionIdentity } from './execution-view.ts';
import { Problem } from './problem.ts';
import { executionLocation } from './wait-for-end.ts';
import { startAttributes } from './start-attributes.ts';
import { requestDigest } from './start-request.ts';
import type { StartRequest } from './start-request.ts';
import { findStartable } from './startable.ts';
import type { Startable } from './startable.ts';
import { temporalDeadlineMs, withinDeadline } from './temporal-deadline.ts';

/** An execution as a start answers it. */
export interface Started {
  readonly id: string;
  readonly runId: string;
  readonly workflow: string;
  readonly version?: string;
}

/** Starts an execution under an id that nothing has yet. Fails with a 409 problem where it is taken. */
export async function startUnderId(
  dependencies: ApiDependencies,
  request: StartRequest,
  id: string,
): Promise<Started> {
  const startable = await findStartable(dependencies, request);
  try {
    return await startOnTemporal(dependencies, startable, id, {});
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    throw new Problem('execution-exists', `There is an execution with the id "${id}"`, {
      cause: error,
      headers: { Location: executionLocation(id) },
    });
  }
}

/**
 * Starts the execution of an idempotency key, or finds the one that the same request started before. Fails with a 409
 * problem where another request had the key.
 */
export async function startUnderKey(
  dependencies: ApiDependencies,
  request: StartRequest,
  id: string,
): Promise<Started & { readonly replayed: boolean }> {
  const digest = requestDigest(request);
  try {
    const startable = await findStartable(dependencies, request);
    const memo = { [memoKeys.requestDigest]: digest };
    return { ...(await startOnTemporal(dependencies, startable, id, memo)), replayed: false };
  } catch (error) {
    // A repeat gets the original even where a new start would fail: the definition may be gone by now.
    const original = await describeExisting(dependencies, id, error);
    if (original.memo?.[memoKeys.requestDigest] === digest) {
      return { ...executionIdentity(original), replayed: true };
    }
    throw new Problem(
      'idempotency-conflict',
      'This Idempotency-Key started an execution with another workflow, version or input, or at another task; take a new key',
      { cause: error, headers: { Location: executionLocation(id) } },
    );
  }
}

async function startOnTemporal(
  { client, connection, settings }: ApiDependencies,
  startable: Startable,
  id: string,
  memo: Readonly<Record<string, string>>,
): Promise<Started> {
  const { type, argument, workflow, version } = startable;
  try {
    const handle = await withinDeadline(connection, temporalDeadlineMs, () =>
      client.workflow.start(type, {
        workflowId: id,
        taskQueue: settings.temporal.taskQueue,
        args: [argument],
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        workflowIdConflictPolicy: 'FAIL',
        typedSearchAttributes: startAttributes(startable),
        memo: { ...memo, [memoKeys.workflow]: workflow },
      }),
    );
    return { id, runId: handle.firstExecutionRunId, workflow, version };
  } catch (error) {
    if (problemOf(error).problem !== 'temporal-unavailable') throw error;
    const detail = `Temporal does not answer, and "${id}" may or may not have started. Repeating the request with an Idempotency-Key or an id starts it at most once.`;
    throw new Problem('temporal-unavailable', detail, { cause: error, members: { id } });
  }
}

/** The execution that has this id already; where there is none, fails as the start failed. */
async function describeExisting(
  { client, connection }: ApiDependencies,
  id: string,
  startError: unknown,
): Promise<WorkflowExecutionDescription> {
  if (problemOf(startError).problem === 'temporal-unavailable') throw startError;
  try {
    return await withinDeadline(connection, temporalDeadlineMs, () =>
      client.workflow.getHandle(id).describe(),
    );
  } catch (error) {
    throw error instanceof WorkflowNotFoundError ? startError : error;
  }
}
