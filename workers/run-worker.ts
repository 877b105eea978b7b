import type { ServerAddress } from '../temporal/connect.ts';
import { loadWorkflowBundle } from './bundle.ts';
import type { Closing } from '../temporal/closing.ts';
import { connectWorker } from './connect-worker.ts';
import { openActivities } from './open-activities.ts';
import type { ActivitySources } from './open-activities.ts';
import { startWorker } from './start-worker.ts';
import type { RunningWorker } from './start-worker.ts';

export interface WorkerSources extends ActivitySources {
  readonly server: ServerAddress;
  readonly closing: Closing;
}

/** Opens all that a worker stands on and starts it; `closing` learns how to drain and close everything again. */
export async function runWorker(sources: WorkerSources): Promise<RunningWorker> {
  const { settings, server, root, env, closing, logger } = sources;
  const bundle = await loadWorkflowBundle({
    root,
    data: settings.data,
    prebuilt: env['PERDURE_WORKFLOW_BUNDLE'],
    progress: (line) => logger.info(line),
  });
  const opened = await openActivities(sources);
  closing.add('activities', () => opened.close());
  const connection = await connectWorker(server);
  closing.add('worker connection', () => connection.close());
  const worker = await startWorker({ settings, connection, bundle, activities: opened.activities, logger });
  closing.add('worker', () => worker.drain());
  return worker;
}
