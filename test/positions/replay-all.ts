import { Worker } from '@temporalio/worker';
import { workflowCode } from '../../testing/workflow-code.ts';
import type { Stage } from './stage.ts';

// Each replays one history after the other.
const streams = 2;

export interface Replays {
  readonly replayed: number;
  readonly failures: readonly string[];
}

/** Replays the histories of all runs of all executions, children too, with the workflow code as it is. */
export async function replayAll({ root, service }: Stage): Promise<Replays> {
  const workflowBundle = await workflowCode({ root });
  const runs: { readonly workflowId: string; readonly runId: string }[] = [];
  for await (const { workflowId, runId } of service.client.workflow.list()) runs.push({ workflowId, runId });
  const failures: string[] = [];
  let replayed = 0;

  async function* histories() {
    for (let run = runs.pop(); run !== undefined; run = runs.pop()) {
      const { workflowId, runId } = run;
      yield {
        workflowId,
        history: await service.client.workflow.getHandle(workflowId, runId).fetchHistory(),
      };
    }
  }

  async function replaySome(): Promise<void> {
    const results = Worker.runReplayHistories({ workflowBundle }, histories());
    for await (const { workflowId, runId, error } of results) {
      replayed += 1;
      if (error !== undefined) failures.push(`${workflowId} ${runId}: ${error.message}`);
    }
  }

  await Promise.all(Array.from({ length: streams }, replaySome));
  return { replayed, failures };
}
