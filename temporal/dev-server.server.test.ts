import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import { searchAttributes } from '../workflows/contract.ts';
import { connectClient } from './connect.ts';
import { startDevServer } from './dev-server.ts';
import type { DevServer } from './dev-server.ts';
import { findTemporalCli } from './find-cli.ts';
import { findFreePort } from './free-port.ts';
import { ensureNamespace } from './namespace.ts';
import { waitForServer } from './wait-for-server.ts';

const settings = { namespace: 'perdure-test', retentionDays: 30 };

let executable: string;
let data: string;
const warnings: string[] = [];
const warn = (line: string): void => void warnings.push(line);

beforeAll(async () => {
  const root = resolve(__dirname, '..');
  executable = await findTemporalCli({ root, env: process.env, progress: () => undefined });
}, 300_000);

beforeEach(async () => {
  warnings.length = 0;
  data = await mkdtemp(join(tmpdir(), 'perdure-dev-server-'));
});

afterEach(async () => {
  await rm(data, { recursive: true, force: true });
});

const start = async (port = 0): Promise<DevServer> =>
  await startDevServer({ executable, data, port, uiPort: 0, warn });

async function withConnection<T>(server: DevServer, use: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await connectClient({ address: server.address, tls: false });
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}

test('makes the namespace and its search attributes once, and finds them again after a restart', async () => {
  const first = await start();
  await withConnection(first, async (connection) => {
    await Promise.all([
      ensureNamespace(connection, settings, warn),
      ensureNamespace(connection, settings, warn),
    ]);
    await ensureNamespace(connection, settings, warn);
  });
  await first.stop();

  const second = await start();
  await withConnection(second, async (connection) => {
    const { namespace } = settings;
    const { config } = await connection.workflowService.describeNamespace({ namespace });
    expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(30 * 24 * 60 * 60);
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining(Object.values(searchAttributes)));
  });
  expect((await fetch(second.uiUrl)).status).toBe(200);
  await second.stop();
  expect(warnings).toEqual([]);
});

test('starts again on the same port when the server is killed', async () => {
  const server = await start();
  await withConnection(server, async (connection) => await ensureNamespace(connection, settings, warn));
  const { pid } = JSON.parse(await readFile(join(data, 'temporal.json'), 'utf8')) as { pid: number };
  process.kill(pid, 'SIGKILL');
  while (warnings.length === 0) await sleep(20);
  await withConnection(server, async (connection) => {
    await connection.workflowService.describeNamespace({ namespace: settings.namespace });
  });
  await server.stop();
  expect(warnings).toEqual([expect.stringContaining('dev server died; starting it again')]);
});

test('takes the place of a server that was left over on the same folder', async () => {
  const port = await findFreePort();
  const flags = ['--headless', '--ip', '127.0.0.1', '--port', String(port)];
  const database = ['--db-filename', join(data, 'temporal.db')];
  const leftOver = spawn(executable, ['server', 'start-dev', ...flags, ...database]);
  const ended = once(leftOver, 'exit');
  await waitForServer(`127.0.0.1:${port}`, 20_000);
  const record = { pid: leftOver.pid, address: `127.0.0.1:${port}`, uiUrl: '' };
  await writeFile(join(data, 'temporal.json'), JSON.stringify(record));

  const server = await start(port);
  await ended;
  expect(server.address).toBe(record.address);
  await server.stop();
});

test('ends when the process that started it is killed', async () => {
  const options = { executable, data, port: 0, uiPort: 0 };
  const program = `import { startDevServer } from ${JSON.stringify(join(__dirname, 'dev-server.ts'))};
    await startDevServer({ ...${JSON.stringify(options)}, warn: () => undefined });
    process.stdout.write('started');`;
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', program]);
  await once(parent.stdout, 'data');
  const { pid } = JSON.parse(await readFile(join(data, 'temporal.json'), 'utf8')) as { pid: number };
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  while (isAlive(pid)) await sleep(50);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('says which port is in use and how to choose another', async () => {
  const server = await start();
  const port = Number(server.address.split(':')[1]);
  const other = await mkdtemp(join(tmpdir(), 'perdure-dev-server-'));
  await expect(startDevServer({ executable, data: other, port, uiPort: 0, warn })).rejects.toThrow(
    new RegExp(`Port ${port}.*in use.*PERDURE_TEMPORAL_PORT`, 's'),
  );
  await rm(other, { recursive: true });
  await server.stop();
});

test('says what to do about a database that is none', async () => {
  await writeFile(join(data, 'temporal.db'), 'this is no database');
  await expect(start()).rejects.toThrow(/cannot open its database .*temporal\.db.*backup/s);
});
