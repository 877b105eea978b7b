import type { temporal } from '@temporalio/proto';
import type { ApiDependencies } from './dependencies.ts';
import { temporalDeadlineMs, withinDeadline } from './temporal-deadline.ts';

type StartedEvent = temporal.api.history.v1.IWorkflowExecutionStartedEventAttributes;

/** The first event of a run: its argument, its memo, and the run that it goes on from. */
export async function readStartedEvent(
  { client, connection }: ApiDependencies,
  workflowId: string,
  runId: string,
): Promise<StartedEvent | undefined> {
  const { namespace } = client.options;
  const execution = { workflowId, runId };
  const { history } = await withinDeadline(connection, temporalDeadlineMs, () =>
    client.workflowService.getWorkflowExecutionHistory({ namespace, execution, maximumPageSize: 1 }),
  );
  return history?.events?.[0]?.workflowExecutionStartedEventAttributes ?? undefined;
}
