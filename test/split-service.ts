/** The service in parts, each a process of its own: a Temporal server, an API, and workers that come and go. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '../temporal/free-port.ts';
import { startProcess, startService, whenReady, type RunningProcess } from './service-process.ts';

export interface WorkerProcess extends RunningProcess {
  /** Where it serves `/metrics`. */
  readonly url: string;
}

export interface SplitService {
  /** The API. */
  readonly url: string;
  readonly temporalAddress: string;
  /** Starts one more worker and waits until it works. */
  startWorker(): Promise<WorkerProcess>;
  /** Ends everything, workers too. */
  stop(): Promise<void>;
}

/** Starts everything but workers. `env` holds for API and workers. */
export async function startSplitService(root: string, env: NodeJS.ProcessEnv = {}): Promise<SplitService> {
  const running: { stop(): Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    for (const thing of running.splice(0).toReversed()) await thing.stop();
  };
  try {
    // One whole Perdure brings the Temporal server; its own worker listens on another task queue.
    const service = await startService(root, { ...env, PERDURE_TASK_QUEUE: 'unused' });
    running.push(service);
    const data = await mkdtemp(join(tmpdir(), 'perdure-roles-'));
    running.push({ stop: () => rm(data, { recursive: true, force: true }) });
    const shared = {
      ...env,
      TEMPORAL_ADDRESS: service.temporalAddress,
      PERDURE_DATA: data,
      PERDURE_DEPLOY_EXAMPLES: 'false',
    };
    const start = async (role: 'api' | 'worker', ports: (port: string) => NodeJS.ProcessEnv) => {
      const port = await findFreePort();
      const url = `http://127.0.0.1:${port}`;
      const started = startProcess(root, ['start', '--role', role], { ...shared, ...ports(String(port)) });
      running.push(started);
      await whenReady(url, started);
      return { ...started, url };
    };
    const { url } = await start('api', (port) => ({ HOST: '127.0.0.1', PORT: port }));
    return {
      url,
      temporalAddress: service.temporalAddress,
      startWorker: () => start('worker', (port) => ({ PERDURE_WORKER_PORT: port })),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
