import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { DetachedProcess } from './contract.ts';
import { activityTimeouts } from './engine/activity-timeouts.ts';
import { processActivities } from './engine/process-activity.ts';

/**
 * A process that its task does not wait for (`await: false`), as an execution of its own: it survives the workflow that
 * started it and the loss of any worker. What the process gives is dropped; that it failed shows here only.
 */
export async function detachedProcess({ kind, request }: DetachedProcess): Promise<void> {
  const activities = proxyActivities<Activities>(activityTimeouts(request.timeoutMs));
  await processActivities[kind](activities, request);
}
