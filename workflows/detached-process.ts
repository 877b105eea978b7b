import { ActivityFailure, ApplicationFailure, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { Json } from '../dsl/json.ts';
import type { DetachedProcess } from './contract.ts';
import { activityTimeouts } from './engine/activity-timeouts.ts';
import { processActivities } from './engine/process-activity.ts';

/**
 * A process as an execution of its own: it survives the run that started it and the loss of any worker. Its task waits for
 * what it gives, or does not (`await: false`): then that it failed shows here only.
 */
export async function detachedProcess({ kind, request }: DetachedProcess): Promise<Json> {
  const activities = proxyActivities<Activities>(activityTimeouts(request.timeoutMs));
  try {
    return await processActivities[kind](activities, request);
  } catch (error) {
    // The fault of the definition, as the task that waits knows it.
    const fault = error instanceof ActivityFailure ? error.cause : undefined;
    throw fault instanceof ApplicationFailure ? fault : error;
  }
}
