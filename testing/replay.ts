import { Worker } from '@temporalio/worker';
import { workflowCode } from './workflow-code.ts';
import type { WorkflowCodeOptions } from './workflow-code.ts';

/** A history as {@link TestService.history} or the API's `/v1/executions/{id}/history` gives it. */
export type RecordedHistory = Parameters<typeof Worker.runReplayHistory>[1];

/**
 * Replays a recorded history against the workflow code as it is now. Rejects with Temporal's DeterminismViolationError
 * when the code would not do again what the history says: running executions would break on it.
 */
export async function replayHistory(
  history: RecordedHistory,
  options: WorkflowCodeOptions & { readonly workflowId?: string },
): Promise<void> {
  const workflowBundle = await workflowCode(options);
  await Worker.runReplayHistory({ workflowBundle }, history, options.workflowId);
}
