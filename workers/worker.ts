import { hostname } from 'node:os';
import { Worker } from '@temporalio/worker';
import type { NativeConnection } from '@temporalio/worker';
import type { Settings } from '../config/settings.ts';
import type { WorkflowBundle } from './bundle.ts';

export interface WorkerParts {
  readonly settings: Settings;
  readonly connection: NativeConnection;
  readonly bundle: WorkflowBundle;
  /** Every activity by its name. */
  readonly activities: object;
}

/** How long activities that were cancelled at the end of the grace time may take to notice, in milliseconds. */
const cancelMs = 5_000;

/** Makes the worker for workflows and activities, not yet running. Fails when the server refuses the namespace. */
export async function createWorker({
  settings,
  connection,
  bundle,
  activities,
}: WorkerParts): Promise<Worker> {
  const { temporal, worker } = settings;
  return await Worker.create({
    connection,
    namespace: temporal.namespace,
    taskQueue: temporal.taskQueue,
    identity: `perdure ${process.pid}@${hostname()}`,
    workflowBundle: { code: bundle.code },
    activities,
    maxConcurrentActivityTaskExecutions: worker.maxConcurrentActivities,
    maxConcurrentWorkflowTaskExecutions: worker.maxConcurrentWorkflowTasks,
    maxCachedWorkflows: worker.maxCachedWorkflows,
    shutdownGraceTime: worker.shutdownGraceMs,
    shutdownForceTime: worker.shutdownGraceMs + cancelMs,
    reuseV8Context: true,
  });
}
