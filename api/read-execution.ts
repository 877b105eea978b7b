import {
  QueryNotRegisteredError,
  WorkflowContinuedAsNewError,
  WorkflowFailedError,
} from '@temporalio/client';
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { optionalTsToDate } from '@temporalio/common/lib/time.js';
import { z } from 'zod';
import type { WorkflowError } from '../dsl/errors.ts';
import { isJsonObject } from '../dsl/json.ts';
import type { Json } from '../dsl/json.ts';
import { executionStatuses, statusQuery } from '../workflows/contract.ts';
import type { ExecutionStatus, TaskRun } from '../workflows/contract.ts';
import type { ApiDependencies } from './dependencies.ts';
import { isDeadline } from './error-problem.ts';
import { executionError } from './execution-error.ts';
import {
  attributeStatus,
  executionIdentity,
  executionStatus,
  hasEnded,
  isPending,
} from './execution-view.ts';
import { temporalUiLink } from './execution-view.ts';
import type { ExecutionIdentity } from './execution-view.ts';
import { temporalDeadlineMs, withinDeadline } from './temporal-deadline.ts';

/** How an execution ended; all null while it runs. */
export interface Outcome {
  readonly output: Json;
  readonly error: WorkflowError | null;
  /** Run that goes on where this one continued as new. */
  readonly continuedAs?: string;
}

/** One execution, as `GET /v1/executions/{id}` answers it. */
export interface ExecutionView extends ExecutionIdentity, Outcome {
  readonly status: ExecutionStatus;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly input: Json;
  readonly tasks: readonly TaskRun[];
  readonly omittedTasks: number;
  /** Why `tasks` is empty, where it could not be asked for. */
  readonly tasksUnavailable?: string;
  readonly links: { readonly temporalUi: string | null };
}

type Progress = Pick<ExecutionView, 'tasks' | 'omittedTasks' | 'tasksUnavailable'> & {
  readonly status?: ExecutionStatus;
};

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
  const [input, outcome, { status: reported, ...progress }] = await Promise.all([
    readInput(dependencies, description),
    readOutcome(dependencies, description),
    isPending(description) ? notBegun : readProgress(dependencies, description),
  ]);
  const originalStart = optionalTsToDate(description.raw.workflowExtendedInfo?.originalStartTime);
  return {
    ...executionIdentity(description),
    status: executionStatus(description.status.name, reported ?? attributeStatus(description)),
    startedAt: (originalStart ?? description.startTime).toISOString(),
    endedAt: description.closeTime?.toISOString() ?? null,
    input,
    ...outcome,
    ...progress,
    links: { temporalUi: temporalUiLink(dependencies.settings, id, description.runId) },
  };
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
async function readInput(
  { client, connection }: ApiDependencies,
  { workflowId, runId }: WorkflowExecutionDescription,
): Promise<Json> {
  const { namespace, loadedDataConverter } = client.options;
  const execution = { workflowId, runId };
  const { history } = await withinDeadline(connection, temporalDeadlineMs, () =>
    client.workflowService.getWorkflowExecutionHistory({ namespace, execution, maximumPageSize: 1 }),
  );
  const payloads = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads;
  const [argument] = await decodeArrayFromPayloads(loadedDataConverter, payloads, {
    type: 'workflow',
    namespace,
    workflowId,
  });
  const value = asJson(argument);
  return isJsonObject(value) && value.perdure === 1 ? (value.input ?? null) : value;
}

const statusReport = z.object({
  status: z.enum(executionStatuses),
  tasks: z.array(z.custom<TaskRun>(isJsonObject)),
  omittedTasks: z.number(),
});

/** Nobody can be asked for tasks yet, and there are none. */
const notBegun: Progress = { status: 'pending', tasks: [], omittedTasks: 0 };

async function readProgress(
  { client, connection }: ApiDependencies,
  { workflowId, runId }: WorkflowExecutionDescription,
): Promise<Progress> {
  try {
    const handle = client.workflow.getHandle(workflowId, runId);
    const report = await withinDeadline(connection, temporalDeadlineMs, () =>
      handle.query<unknown>(statusQuery),
    );
    const parsed = statusReport.safeParse(report);
    return parsed.success ? parsed.data : withoutTasks('The workflow reports its tasks in an unknown form');
  } catch (error) {
    if (error instanceof QueryNotRegisteredError)
      return withoutTasks('The workflow does not report its tasks');
    if (isDeadline(error)) return withoutTasks(`No worker answered within ${temporalDeadlineMs / 1_000} s`);
    return withoutTasks('No worker can be asked for the tasks');
  }
}

function withoutTasks(tasksUnavailable: string): Progress {
  return { tasks: [], omittedTasks: 0, tasksUnavailable };
}

/** Payloads are JSON; a workflow that returns nothing gives null. */
function asJson(value: unknown): Json {
  return value === undefined ? null : (value as Json);
}
