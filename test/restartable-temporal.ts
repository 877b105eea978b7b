/** A Temporal server whose data is on disk, that a test may kill and start again, with a worker of Perdure's workflows. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { spawnDevServer, type DevServerProcess } from '../temporal/dev-server-process.ts';
import { findTemporalCli } from '../temporal/find-cli.ts';
import { findFreePort } from '../temporal/free-port.ts';
import { ensureNamespace } from '../temporal/namespace.ts';
import { workflowCode } from '../testing/workflow-code.ts';
import { defaultNamespace } from '../workflows/contract.ts';
import type { ServerControl } from './servers/server.ts';
import { eventually } from './service-process.ts';

export interface RestartableTemporal {
  readonly client: Client;
  readonly address: string;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly control: ServerControl;
  close(): Promise<void>;
}

/** Starts server and worker. */
export async function startRestartableTemporal(root: string): Promise<RestartableTemporal> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const data = await mkdtemp(join(tmpdir(), 'perdure-temporal-'));
  const executable = await findTemporalCli({ root, env: process.env, progress: () => undefined });
  const [port, uiPort] = [await findFreePort(), await findFreePort()];
  const address = `127.0.0.1:${port}`;
  const namespace = defaultNamespace;
  let server: DevServerProcess;

  async function start(): Promise<void> {
    server = await spawnDevServer({ executable, data, port, uiPort });
    await eventually('the Temporal server', async () => {
      const connection = await Connection.connect({ address, connectTimeout: 1_000 });
      try {
        await ensureNamespace(connection, { namespace, retentionDays: 1 }, () => undefined);
        return true;
      } finally {
        await connection.close();
      }
    });
  }

  async function kill(): Promise<void> {
    process.kill(server.pid, 'SIGKILL');
    await server.exited;
  }

  await start();
  const [connection, workers, workflowBundle] = await Promise.all([
    Connection.connect({ address }),
    NativeConnection.connect({ address }),
    workflowCode({ root }),
  ]);
  const taskQueue = `locks-${randomUUID()}`;
  const worker = await Worker.create({ connection: workers, namespace, taskQueue, workflowBundle });
  const running = worker.run();
  running.catch(() => undefined);
  return {
    client: new Client({ connection, namespace }),
    address,
    namespace,
    taskQueue,
    control: { kill, start },
    async close() {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await running;
      await workers.close();
      await connection.close();
      await server.stop();
      await rm(data, { recursive: true, force: true });
    },
  };
}
