import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from '@temporalio/client';
import type { Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker } from '@temporalio/worker';
import { connectClient } from '../temporal/connect.ts';
import { startDevServer } from '../temporal/dev-server.ts';
import type { DevServer } from '../temporal/dev-server.ts';
import { findTemporalCli } from '../temporal/find-cli.ts';
import { outcomeLines, replayDirectory, replayNamespace } from './replay.ts';
import type { ReplayOutcome } from './replay.ts';
import { silenceSdk } from './runtime.ts';

const root = resolve(__dirname, '..');
const recorded = `
  await call('callHttp', 'reserve', '/do/0/reserve');
  await sleep(50, { summary: 'pause' });
  await call('callHttp', 'charge', '/do/2/charge');
`;

let folder: string;
let server: DevServer;
let connection: Connection;

/** A workflow with this body, as the bundle that a worker runs. */
async function bundleOf(body: string): Promise<{ code: string }> {
  const file = join(folder, 'workflow.ts');
  await writeFile(
    file,
    `import { proxyActivities, sleep } from '@temporalio/workflow';
     const activities = proxyActivities({ startToCloseTimeout: '10s' });
     const call = (type, summary, reference) =>
       activities[type].executeWithOptions({ summary }, [{ reference }]);
     export async function checkout() { ${body} }`,
  );
  return await bundleWorkflowCode({ workflowsPath: file, logger: new DefaultLogger('ERROR') });
}

beforeAll(async () => {
  silenceSdk();
  folder = await mkdtemp(join(tmpdir(), 'perdure-replay-'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const executable = await findTemporalCli({ root, env: process.env, progress: () => undefined });
  server = await startDevServer({ executable, data: folder, port: 0, uiPort: 0, warn: () => undefined });
  connection = await connectClient({ address: server.address, tls: false });
  const workerConnection = await NativeConnection.connect({ address: server.address });
  const worker = await Worker.create({
    connection: workerConnection,
    taskQueue: 'replay',
    workflowBundle: await bundleOf(recorded),
    activities: { callHttp: async () => 'done' },
  });
  const client = new Client({ connection });
  const options = { taskQueue: 'replay', workflowId: 'checkout-1' };
  await worker.runUntil(client.workflow.execute('checkout', options));
  await workerConnection.close();
  const history = await client.workflow.getHandle('checkout-1').fetchHistory();
  await writeFile(join(folder, 'checkout.json'), historyToJSON(history));
}, 300_000);

afterAll(async () => {
  await connection.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function replay(body: string): Promise<string> {
  // The folder holds other JSON too, so the history gets one of its own.
  const lines: string[] = [];
  const histories = await mkdtemp(join(folder, 'histories-'));
  await symlink(join(folder, 'checkout.json'), join(histories, 'checkout.json'));
  for await (const outcome of replayDirectory(histories, await bundleOf(body)))
    lines.push(outcomeLines(outcome));
  return lines.join('\n');
}

test('the code that made a history replays it, recorded and live', async () => {
  expect(await replay(recorded)).toMatch(/^ok .*checkout\.json \(checkout\)$/);
  const live: ReplayOutcome[] = [];
  const query = "WorkflowType = 'checkout'";
  for await (const outcome of replayNamespace(connection, 'default', query, await bundleOf(recorded))) {
    live.push(outcome);
  }
  expect(live).toEqual([{ name: expect.stringContaining('checkout-1'), workflowType: 'checkout' }]);
});

test.each([
  [
    'another activity in place of the second call',
    recorded.replace(/'callHttp'(?=, 'charge)/, "'other'"),
    'charge (/do/2/charge)',
  ],
  ['the wait left out', recorded.replace(/.*pause.*/, ''), 'pause'],
  [
    'another activity in place of the first call',
    recorded.replace("'callHttp'", "'other'"),
    'reserve (/do/0/reserve)',
  ],
  ['the last call left out', recorded.replace(/.*charge.*/, ''), 'charge (/do/2/charge)'],
  ['a wait at the end', `${recorded} await sleep(5);`, 'after charge (/do/2/charge)'],
])('names the first task that diverges: %s', async (_change, body, task) => {
  const report = await replay(body);
  expect(report).toMatch(/^FAILED .*checkout\.json \(checkout\)\n/);
  expect(report).toContain(`first task that diverges: ${task} (event `);
  expect(report).toContain('Nondeterminism error');
});

test('tells a workflow type that no longer exists', async () => {
  const { code } = await bundleOf(recorded);
  const other = { code: code.replaceAll('checkout', 'payment') };
  const outcomes: string[] = [];
  for await (const outcome of replayNamespace(connection, 'default', '', other))
    outcomes.push(outcomeLines(outcome));
  expect(outcomes.join()).toMatch(/FAILED .*no such function is exported/s);
});
