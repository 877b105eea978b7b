import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection } from '@temporalio/client';
import { findFreePort } from '../../../temporal/free-port.ts';
import { startProcess, whenReady, type RunningProcess } from '../../service-process.ts';
import type { Row } from '../definitions.ts';
import { begin, type Execution } from '../execution.ts';
import { expectedOutcome } from '../outcomes.ts';
import { positionOf, standing, stepAt } from '../spots.ts';
import type { Stage } from '../stage.ts';
import type { Mark } from '../table.ts';
import { failed, type Operation } from './operation.ts';
import { expectSameRequests } from './requests.ts';

const taskQueue = 'positions-killed';

/** The worker dies while all executions stand at their positions, and another one takes them up. */
export const workerKilled: Operation = {
  columns: ['worker killed'],
  async run(stage, rows, tell) {
    const executions = new Map<Row, Execution>();
    const first = await startWorker(stage);
    try {
      await stage.crowd.all(rows, async (row) => {
        try {
          const execution = await begin(stage, row, { operation: 'killed', taskQueue, pause: 'PT30S' });
          await standing(execution);
          executions.set(row, execution);
        } catch (error) {
          tell('worker killed', row, failed(error));
        }
      });
    } finally {
      await first.kill();
    }
    for (const execution of executions.values()) execution.release();
    const second = await startWorker(stage);
    try {
      const goOn = [...executions].map(async ([row, execution]) =>
        tell('worker killed', row, await goesOn(stage, execution).catch(failed)),
      );
      await Promise.all(goOn);
    } finally {
      await second.stop();
    }
  },
};

async function goesOn(stage: Stage, execution: Execution): Promise<Mark> {
  const { row } = execution;
  await execution.endsWith(expectedOutcome(row));
  // Nobody had heard the answers to what was held.
  expectSameRequests(stage, execution, [stepAt(row, positionOf(row)), 'beside/1']);
  return 'ok';
}

/** A worker as its users run it, in a process of its own. */
async function startWorker({ root, service, partner }: Stage): Promise<RunningProcess> {
  const port = await findFreePort();
  const config = join(service.data, 'worker.yaml');
  // All executions stand there at once, some with two calls under way.
  await writeFile(config, 'worker: { maxConcurrentActivities: 500 }\n');
  const worker = startProcess(root, ['start', '--role', 'worker'], {
    TEMPORAL_ADDRESS: (service.client.connection as Connection).options.address,
    PERDURE_TASK_QUEUE: taskQueue,
    PERDURE_DATA: service.data,
    PERDURE_STORE: 'sqlite:store.db',
    PERDURE_EVENTS: partner.sink,
    PERDURE_OUTGOING_ALLOW: new URL(partner.url).host,
    PERDURE_WORKER_PORT: String(port),
    PERDURE_CONFIG: config,
  });
  await whenReady(`http://127.0.0.1:${port}`, worker);
  return worker;
}
