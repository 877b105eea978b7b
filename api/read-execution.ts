import { WorkflowContinuedAsNewError, WorkflowFailedError } from '@temporalio/client';
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { optionalTsToDate } from '@temporalio/common/lib/time.js';
import type { WorkflowError } from '../dsl/errors.ts';
import { isJsonObject } from '../dsl/json.ts';
import type { Json } from '../dsl/json.ts';
import type { ExecutionStatus, TaskRun } from '../workflows/contract.ts';
import type { ApiDependencies } from './dependencies.ts';
import { isNotFound } from './error-problem.ts';
import { executionError } from './execution-error.ts';
import { attributeStatus, executionIdentity, executionStatus, hasEnded } from './execution-view.ts';
import { isHeld, temporalUiLink } from './execution-view.ts';
import type { ExecutionIdentity } from './execution-view.ts';
import { firstRunOf, retryLinks } from './retry-links.ts';
import type { RetryLinks } from './retry-links.ts';
import { readStartedEvent } from './started-event.ts';
import { readStatusReport } from './status-report.ts';
import type { Reported, StatusAnswer } from './status-report.ts';
import { temporalDeadlineMs, withinDeadline } from './temporal-deadline.ts';

/** How an execution ended; all null while it runs. */
export interface Outcome {
  readonly output: Json;
  readonly error: WorkflowError | null;
  /** Run that goes on where this one continued as new. */
  readonly continuedAs?: string;
}

/** One execution, as `GET /v1/executions/{id}` answers it. */
export interface ExecutionView extends ExecutionIdentity, Outcome, Progress, RetryLinks {
  readonly status: ExecutionStatus;
  /** True where it faulted and stays open until somebody retries or cancels it; `error` says why. */
  readonly held: boolean;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly input: Json;
  readonly links: { readonly temporalUi: string | null };
}

/** What the execution says of itself. */
interface Progress extends Pick<
  Reported,
  'suspendedAt' | 'migration' | 'compensations' | 'omittedCompensations' | 'children'
> {
  readonly tasks: readonly TaskRun[];
  readonly omittedTasks: number;
  /** Why `tasks` is empty, where it could not be asked for. */
  readonly tasksUnavailable?: string;
}

/** The describe of an execution's run, its latest unless `runId` says which. */
export async function describeExecution(
  { client, connection }: ApiDependencies,
  id: string,
  runId?: string,
): Promise<WorkflowExecutionDescription> {
  return withinDeadline(connection, temporalDeadlineMs, () =>
    client.workflow.getHandle(id, runId).describe(),
  );
}

/**
 * Reads an execution: what Temporal tells of it, its input and outcome from its first and last event, and its tasks
 * from the status query. Only the query needs a worker; without one the answer comes after 5 s, and says so.
 */
export async function readExecution(
  dependencies: ApiDependencies,
  id: string,
  runId?: string,
): Promise<ExecutionView> {
  const description = await describeExecution(dependencies, id, runId);
  const [startedAt, input, outcome, answer, links] = await Promise.all([
    readStart(dependencies, description),
    readInput(dependencies, description),
    readOutcome(dependencies, description),
    readStatusReport(dependencies, description),
    retryLinks(dependencies, description),
  ]);
  const status = executionStatus(
    description.status.name,
    answer.report?.status ?? attributeStatus(description),
  );
  const held = isHeld(description.status.name, status);
  return {
    ...executionIdentity(description),
    status,
    held,
    startedAt: startedAt.toISOString(),
    endedAt: description.closeTime?.toISOString() ?? null,
    input,
    ...outcome,
    ...(held ? { error: answer.report?.error ?? null } : {}),
    ...progressOf(answer, hasEnded(description.status.name)),
    ...links,
    links: { temporalUi: temporalUiLink(dependencies.settings, id, description.runId) },
  };
}

function progressOf({ report, unavailable }: StatusAnswer, ended: boolean): Progress {
  if (report === undefined) return { tasks: [], omittedTasks: 0, tasksUnavailable: unavailable };
  const { tasks, omittedTasks, suspendedAt, migration } = report;
  const { compensations, omittedCompensations, children } = report;
  // What was terminated while it was suspended is suspended no more.
  const open = ended ? {} : { suspendedAt, migration };
  return { tasks, omittedTasks, ...open, compensations, omittedCompensations, children };
}

/** When the first of the runs that continue each other began; its own start where Temporal no longer keeps that one. */
async function readStart(
  dependencies: ApiDependencies,
  description: WorkflowExecutionDescription,
): Promise<Date> {
  const { workflowId, runId, startTime, raw } = description;
  const firstRun = firstRunOf(description);
  if (firstRun === runId) return optionalTsToDate(raw.workflowExtendedInfo?.originalStartTime) ?? startTime;
  try {
    return (await describeExecution(dependencies, workflowId, firstRun)).startTime;
  } catch (error) {
    if (isNotFound(error)) return startTime;
    throw error;
  }
}

/** How a run ended, from its close event. */
export async function readOutcome(
  { client, connection }: ApiDependencies,
  { workflowId, runId, status }: WorkflowExecutionDescription,
): Promise<Outcome> {
  const open: Outcome = { output: null, error: null };
  if (!hasEnded(status.name) && status.name !== 'CONTINUED_AS_NEW') return open;
  try {
    const output: unknown = await withinDeadline(connection, temporalDeadlineMs, () =>
      client.workflow.result(workflowId, runId, { followRuns: false }),
    );
    return { ...open, output: asJson(output) };
  } catch (error) {
    if (error instanceof WorkflowContinuedAsNewError)
      return { ...open, continuedAs: error.newExecutionRunId };
    if (!(error instanceof WorkflowFailedError)) throw error;
    const faulted = executionStatus(status.name) === 'faulted';
    return { ...open, error: faulted ? executionError(error.cause) : null };
  }
}

/** The input, from the argument in the run's first event. */
export async function readInput(
  dependencies: ApiDependencies,
  { workflowId, runId }: WorkflowExecutionDescription,
): Promise<Json> {
  const { namespace, loadedDataConverter } = dependencies.client.options;
  const started = await readStartedEvent(dependencies, workflowId, runId);
  const payloads = started?.input?.payloads;
  const [argument] = await decodeArrayFromPayloads(loadedDataConverter, payloads, {
    type: 'workflow',
    namespace,
    workflowId,
  });
  const value = asJson(argument);
  return isJsonObject(value) && value.perdure === 1 ? (value.input ?? null) : value;
}

/** Payloads are JSON; a workflow that returns nothing gives null. */
function asJson(value: unknown): Json {
  return value === undefined ? null : (value as Json);
}
