/** Which run a run retries, and which run retries it: both have one id. */
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { memoKeys } from '../workflows/contract.ts';
import type { ApiDependencies } from './dependencies.ts';
import { executionStatus, hasEnded } from './execution-view.ts';
import { quoted } from './list-query.ts';
import { temporalDeadlineMs, withinDeadline } from './temporal-deadline.ts';

export interface RetryLinks {
  /** The run that faulted, of which this one, or one that it goes on from, is the retry. */
  readonly retryOf?: string;
  /** The first run of this one's retry. */
  readonly retriedAs?: string;
}

type Remembering = Pick<WorkflowExecutionDescription, 'memo'>;

/** The run that a run retries, from its memo. */
export function retriedRun({ memo }: Remembering): string | undefined {
  const value = memo?.[memoKeys.retryOf];
  return typeof value === 'string' ? value : undefined;
}

/** The first run of those that continue each other up to this one. */
export function firstRunOf({ runId, raw }: Pick<WorkflowExecutionDescription, 'runId' | 'raw'>): string {
  return raw.workflowExecutionInfo?.firstRunId || runId;
}

/** Both links of a run. A retry of a retry is found through Temporal's visibility, about a second late. */
export async function retryLinks(
  dependencies: ApiDependencies,
  description: WorkflowExecutionDescription,
): Promise<RetryLinks> {
  return { retryOf: retriedRun(description), retriedAs: await retriedAs(dependencies, description) };
}

async function retriedAs(
  { client, connection }: ApiDependencies,
  { workflowId, runId, status }: WorkflowExecutionDescription,
): Promise<string | undefined> {
  if (!hasEnded(status.name) || executionStatus(status.name) !== 'faulted') return undefined;
  const describe = () => client.workflow.getHandle(workflowId).describe();
  const latest = await withinDeadline(connection, temporalDeadlineMs, describe);
  if (latest.runId === runId) return undefined;
  if (retriedRun(latest) === runId) return firstRunOf(latest);
  const find = async (): Promise<string | undefined> => {
    let first: string | undefined;
    // Newest first: the last one that names this run is the retry itself, the others continue it.
    for await (const info of client.workflow.list({ query: `WorkflowId = ${quoted(workflowId)}` })) {
      if (retriedRun(info) === runId) first = info.runId;
    }
    return first;
  };
  return withinDeadline(connection, temporalDeadlineMs, find);
}
