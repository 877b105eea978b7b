/** For tests of what an execution keeps from one run to the next: ending a run on demand, and finding the runs. */
import type { Client, WorkflowHandle } from '@temporalio/client';
import { checkDefinition } from '../../dsl/check.ts';
import { operationUpdates } from '../../workflows/contract.ts';
import { eventually } from '../service-process.ts';

let versions = 0;

/** Asks the run to end at the next task boundary of each branch: the definition moves to a version with the same `body`. */
export async function endRun(handle: WorkflowHandle, body: string): Promise<void> {
  versions += 1;
  const yaml = `document: { dsl: '1.0.3', namespace: test, name: ${handle.workflowId}, version: '2.0.${versions}' }\n${body}`;
  const result = checkDefinition(yaml);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  await handle.executeUpdate(operationUpdates.migrate, { args: [{ definition: result.definition }] });
}

/** The same, and waits for the next run. */
export async function goOnInNextRun(handle: WorkflowHandle, body: string): Promise<void> {
  const { runId } = await handle.describe();
  await endRun(handle, body);
  await eventually('the next run', async () =>
    (await handle.describe()).runId === runId ? undefined : true,
  );
}

/** The ids of an execution's runs, from the first to the latest. */
export async function runsOf(client: Client, workflowId: string): Promise<readonly string[]> {
  const { runId: latest } = await client.workflow.getHandle(workflowId).describe();
  const runs = [latest];
  for (let runId: string | undefined = latest; runId !== undefined;) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    runId = events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
    if (runId !== undefined) runs.unshift(runId);
  }
  return runs;
}
