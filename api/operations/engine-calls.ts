/** The interpreter's own updates and queries, with its refusals as problems. */
import {
  QueryNotRegisteredError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { operationQueries, operationUpdates } from '../../workflows/contract.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { isDeadline } from '../error-problem.ts';
import { executionIdentity, runsDefinition } from '../execution-view.ts';
import { unanswered } from '../no-answer.ts';
import { onOpenExecution } from '../open-execution.ts';
import type { ExecutionReference } from '../open-execution.ts';
import { Problem } from '../problem.ts';
import { describeExecution } from '../read-execution.ts';
import { withinDeadline } from '../temporal-deadline.ts';
import { refusalProblem } from './refusal.ts';

/** How long an update may take, in milliseconds. */
const updateDeadlineMs = 30_000;

/** How long a query may take, in milliseconds: for a closed run a worker replays its history first. */
const queryDeadlineMs = 15_000;

type UpdateName = (typeof operationUpdates)[keyof typeof operationUpdates];
type QueryName = (typeof operationQueries)[keyof typeof operationQueries];

/**
 * Describes an execution of a definition. Fails with a 409 problem for another workflow, which has no interpreter that
 * could do what `asked` says.
 */
export async function describeDefinition(
  dependencies: ApiDependencies,
  { id, runId }: ExecutionReference,
  asked: string,
): Promise<WorkflowExecutionDescription> {
  const description = await describeExecution(dependencies, id, runId);
  if (runsDefinition(description)) return description;
  const { workflow } = executionIdentity(description);
  throw notSupported(`Only executions of definitions ${asked}; "${id}" runs the workflow ${workflow}`);
}

/**
 * Makes an update of an open execution; `updateId` makes it safe to repeat. Fails with a problem: 409 where the
 * execution has ended or refuses, 422 where it refuses an input, 504 where no worker answers.
 */
export async function updateEngine<Answer>(
  dependencies: ApiDependencies,
  execution: ExecutionReference,
  name: UpdateName,
  argument: object | undefined,
  updateId: string | undefined,
): Promise<Answer> {
  const { client, connection } = dependencies;
  const handle = client.workflow.getHandle(execution.id, execution.runId);
  try {
    return await onOpenExecution(dependencies, execution, () =>
      withinDeadline(connection, updateDeadlineMs, () =>
        argument === undefined
          ? handle.executeUpdate<Answer, []>(name, { updateId })
          : handle.executeUpdate<Answer, [object]>(name, { args: [argument], updateId }),
      ),
    );
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) throw refusedUpdate(name, error);
    const late = error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isDeadline(error);
    throw late ? unanswered('update', updateDeadlineMs, error) : error;
  }
}

/** Asks a run a query. Fails with a problem: 409 where its workflow does not know it, 504 where no worker answers. */
export async function queryEngine<Answer>(
  { client, connection }: ApiDependencies,
  { id, runId }: ExecutionReference,
  name: QueryName,
  argument: object,
): Promise<Answer> {
  const handle = client.workflow.getHandle(id, runId);
  try {
    return await withinDeadline(connection, queryDeadlineMs, () =>
      handle.query<Answer, [object]>(name, argument),
    );
  } catch (error) {
    if (error instanceof QueryNotRegisteredError) throw refusedQuery(name, error);
    throw isDeadline(error) ? unanswered('query', queryDeadlineMs, error) : error;
  }
}

function refusedUpdate(name: string, error: WorkflowUpdateFailedError): Problem {
  const { cause } = error;
  const message = cause?.message ?? error.message;
  const refusal =
    cause instanceof ApplicationFailure &&
    refusalProblem({ type: cause.type, message, plan: cause.details?.[0], cause: error });
  if (refusal) return refusal;
  if (/no registered handler|did not register/i.test(message)) return unknownTo(name, error);
  return new Problem('handler-failed', `The execution refused: ${message}`, { cause: error });
}

function refusedQuery(name: string, error: QueryNotRegisteredError): Problem {
  if (/did not register a handler|not find/i.test(error.message)) return unknownTo(name, error);
  return new Problem('handler-failed', `The execution refused: ${error.message}`, { cause: error });
}

function unknownTo(name: string, cause: unknown): Problem {
  return notSupported(`The worker of this execution does not know ${name}: is it of this version?`, cause);
}

/** The 409 of an operation on an execution that can never take it. */
export function notSupported(detail: string, cause?: unknown): Problem {
  return new Problem('operation-not-supported', detail, { cause });
}
