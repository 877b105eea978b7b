/**
 * What the interpreter costs: the same three calls as a definition and as hand-written TypeScript, on one server and one
 * worker, in rounds that alternate. Prints CPU milliseconds per execution of worker and server, medians, and their ratio.
 *
 *     npm run bench:interpreter [-- --rounds 7 --executions 200]
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { checkDefinition } from '../dsl/check.ts';
import { readRecord } from '../temporal/dev-server-record.ts';
import { startDevServer } from '../temporal/dev-server.ts';
import { findTemporalCli } from '../temporal/find-cli.ts';
import { ensureNamespace } from '../temporal/namespace.ts';
import { startPartner } from '../test/partner.ts';
import { defaultLimits, definitionWorkflowType, type StartArgument } from '../workflows/contract.ts';
import { threeCallsDefinition } from './three-calls.ts';

const namespace = 'bench';
const taskQueue = 'bench';
const atOnce = 10;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    executions: { type: 'string', default: '200' },
  },
});
const rounds = Number(values.rounds);
const executions = Number(values.executions);

interface Cost {
  readonly worker: number;
  readonly server: number;
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** CPU time of the worker so far, in milliseconds. */
async function workerCpu(worker: ChildProcess): Promise<number> {
  worker.send('cpu');
  const [usage] = (await once(worker, 'message')) as [NodeJS.CpuUsage];
  return (usage.user + usage.system) / 1_000;
}

/** CPU time of another process so far, in milliseconds. Linux counts it in hundredths of a second. */
async function processCpu(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

const folder = await mkdtemp(join(tmpdir(), 'perdure-bench-'));
const root = join(import.meta.dirname, '..');
const executable = await findTemporalCli({ root, env: process.env, progress: console.log });
const server = await startDevServer({ executable, data: folder, port: 0, uiPort: 0, warn: console.warn });
const serverPid = (await readRecord(folder))?.pid ?? 0;
const partner = await startPartner(async (request) => ({ done: request.path.slice(1) }));
const connection = await Connection.connect({ address: server.address });
await ensureNamespace(connection, { namespace, retentionDays: 1 }, console.warn);
const client = new Client({ connection, namespace });
const worker = fork(join(import.meta.dirname, 'worker-process.ts'), [
  server.address,
  namespace,
  taskQueue,
  folder,
  new URL(partner.url).host,
]);
await once(worker, 'message');

const checked = checkDefinition(threeCallsDefinition);
if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
const { definition } = checked;
const type = definitionWorkflowType('bench', 'three-calls');

const kinds = {
  definition: (input: { readonly partner: string; readonly order: string }, workflowId: string) => {
    const start: StartArgument = { perdure: 1, type, definition, input, limits: defaultLimits };
    return client.workflow.execute(type, { workflowId, taskQueue, args: [start] });
  },
  typescript: (input: { readonly partner: string; readonly order: string }, workflowId: string) =>
    client.workflow.execute('threeCalls', { workflowId, taskQueue, args: [input] }),
};
type Kind = keyof typeof kinds;

let started = 0;

/** Runs so many executions of one kind, some at once, and gives the CPU time that each cost. */
async function round(kind: Kind, count: number): Promise<Cost> {
  const [workerBefore, serverBefore] = [await workerCpu(worker), await processCpu(serverPid)];
  let left = count;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      started += 1;
      const order = `order-${started}`;
      const result: unknown = await kinds[kind]({ partner: partner.url, order }, `${kind}-${started}`);
      const expected = { order, reserve: 'reserve', charge: 'charge', ship: 'ship' };
      if (JSON.stringify(result) !== JSON.stringify(expected))
        throw new Error(`${kind}: ${JSON.stringify(result)}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return {
    worker: ((await workerCpu(worker)) - workerBefore) / count,
    server: ((await processCpu(serverPid)) - serverBefore) / count,
  };
}

const costs: Record<Kind, Cost[]> = { definition: [], typescript: [] };
try {
  for (const kind of ['definition', 'typescript'] as const) await round(kind, 50);
  for (let nth = 1; nth <= rounds; nth++) {
    const order: readonly Kind[] =
      nth % 2 === 0 ? ['definition', 'typescript'] : ['typescript', 'definition'];
    for (const kind of order) {
      const cost = await round(kind, executions);
      costs[kind].push(cost);
      console.log(
        `round ${nth} ${kind}: worker ${cost.worker.toFixed(1)} ms, server ${cost.server.toFixed(1)} ms`,
      );
    }
  }
  for (const part of ['worker', 'server'] as const) {
    const [interpreted, written] = [costs.definition, costs.typescript].map((all) =>
      median(all.map((cost) => cost[part])),
    );
    console.log(
      `${part}: definition ${interpreted?.toFixed(1)} ms, TypeScript ${written?.toFixed(1)} ms, ` +
        `ratio ${((interpreted ?? 0) / (written ?? 1)).toFixed(2)} (CPU per execution, median of ${rounds})`,
    );
  }
} finally {
  worker.send('end');
  await once(worker, 'exit');
  await partner.close();
  await connection.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
