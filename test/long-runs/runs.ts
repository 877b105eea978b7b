import type { Client } from '@temporalio/client';

/**
 * What no history of the default limits may reach. An execution continues as new at 4,000 events; what one turn of it
 * does comes on top. The server warns at 10,240 events or 10 MiB.
 */
export const mostEvents = 5_000;
export const mostHistoryBytes = 4 * 1024 ** 2;

/** One run of an execution as the server describes it. */
export interface RunSize {
  readonly runId: string;
  readonly historyLength: number;
  readonly historyBytes: number;
}

/** All runs of an execution from the first to the last: each has a history of its own and continues the one before. */
export async function runsOf(client: Client, workflowId: string): Promise<readonly RunSize[]> {
  const runs: RunSize[] = [];
  let { runId } = await client.workflow.getHandle(workflowId).describe();
  while (runId !== '') {
    const { historyLength, historySize } = await client.workflow.getHandle(workflowId, runId).describe();
    runs.unshift({ runId, historyLength, historyBytes: historySize ?? Infinity });
    const { history } = await client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId, runId },
      maximumPageSize: 1,
    });
    const [started] = history?.events ?? [];
    runId = started?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? '';
  }
  return runs;
}
