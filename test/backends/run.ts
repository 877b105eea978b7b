/**
 * `npm run test:backends -- [names]`: the tests of outside systems, each against its real server, which runs only
 * meanwhile. A server that the environment names is used as it is (`PERDURE_TEST_REDIS_URL`), else one is installed and
 * started here, which its tests may kill and start again. One that cannot be had is reported and skipped; in CI (`CI` is set) that
 * fails. What `.ci/skip` names is left out unless it is asked for.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { serveControl } from '../servers/control.ts';
import { testServers } from '../servers/index.ts';
import type { NamedServer, RunningServer, TestServer } from '../servers/server.ts';
import { readSkipList } from '../skip-list.ts';

const root = resolve(import.meta.dirname, '../..');
const wanted = process.argv.slice(2);
const known = testServers.map(({ name }) => name);
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) throw new Error(`There is no ${unknown.join(', ')}: ${known.join(', ')} are there.`);

const skipped = await readSkipList(root);
const count = { passed: 0, failed: 0, skipped: 0 };
for (const server of testServers) {
  if (wanted.length > 0 && !wanted.includes(server.name)) continue;
  // Whoever names a server wants it.
  const reason = wanted.length > 0 ? undefined : skipped.get(server.name);
  if (reason === undefined) count[await run(server)] += 1;
  else {
    console.log(`skipped ${server.name}: ${reason}`);
    count.skipped += 1;
  }
}
console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
process.exitCode = count.failed === 0 ? 0 : 1;

async function run(server: TestServer | NamedServer): Promise<keyof typeof count> {
  const { name, variable } = server;
  const folder = await mkdtemp(join(tmpdir(), `perdure-${name}-`));
  const begun = performance.now();
  const seconds = (): string => `${((performance.now() - begun) / 1_000).toFixed(0)} s`;
  let running: RunningServer | undefined;
  try {
    running = await obtain(server, folder);
    if (running === undefined) {
      console.log(`skipped ${name}: runs where ${variable} names a server`);
      return 'skipped';
    }
    console.log(`running ${name} at ${running.url.replace(/\/\/.*@/, '//')} (${seconds()})`);
    const control = await serveControl(running);
    const succeeded = await jest(name, { [variable]: running.url, ...control.env });
    await control.close();
    console.log(`${succeeded ? 'passed' : 'failed'} ${name} (${seconds()})`);
    return succeeded ? 'passed' : 'failed';
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    console.log(`${process.env.CI ? 'failed' : 'skipped'} ${name}: no server: ${why}`);
    return process.env.CI ? 'failed' : 'skipped';
  } finally {
    await running?.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 });
  }
}

/** The server that is named, else one of our own; undefined where it has to be named and is not. */
async function obtain(server: TestServer | NamedServer, folder: string): Promise<RunningServer | undefined> {
  const url = process.env[server.variable];
  if (url !== undefined) return { url, stop: () => Promise.resolve() };
  return 'start' in server ? await server.start(folder) : undefined;
}

/** Runs `NAME.backend.test.ts`; resolves to whether all passed. */
async function jest(name: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const program = join(root, 'node_modules/jest/bin/jest.js');
  const pattern = `/${name}\\.backend\\.test\\.ts$`;
  // One file after the other: some kill the server.
  const args = [program, '--runInBand', '--selectProjects', 'backends', '--testPathPatterns', pattern];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: 'inherit',
  });
  const [code] = await once(child, 'exit');
  return code === 0;
}
