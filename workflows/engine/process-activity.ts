import type { ActivityInterfaceFor } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import type { Json } from '../../dsl/json.ts';
import type { ProcessKind, ProcessRequest } from '../contract.ts';

type ProcessActivity = (
  activities: ActivityInterfaceFor<Activities>,
  request: ProcessRequest,
) => Promise<Json>;

/** The activity of each kind of process. */
export const processActivities: Readonly<Record<ProcessKind, ProcessActivity>> = {
  script: (activities, request) => activities.runScript(request),
  shell: (activities, request) => activities.runShell(request),
  container: (activities, request) => activities.runContainer(request),
};
