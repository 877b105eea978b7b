/**
 * `npm run test:backends -- [names]`: the tests of outside systems, each against its real server, which runs only
 * meanwhile. A server that the environment names is used as it is (`PERDURE_TEST_REDIS_URL`), else one is installed and
 * started here, which its tests may kill and start again. One that cannot be had is reported and skipped; in CI (`CI` is
 * set) that fails, and what failed is run once more. What `.ci/skip` names is left out unless it is asked for.
 * `stores-export` runs against all databases at once.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { serveControl } from '../servers/control.ts';
import { storeServers, testServers } from '../servers/index.ts';
import { obtainServer } from '../servers/obtain.ts';
import type { NamedServer, RunningServer, TestServer } from '../servers/server.ts';
import { tlsEnvironment } from '../servers/tls.ts';
import { readSkipList } from '../skip-list.ts';

type Outcome = 'passed' | 'failed' | 'skipped';

const root = resolve(import.meta.dirname, '../..');
const checks: ReadonlyMap<string, () => Promise<Outcome>> = new Map([
  ...testServers.map((server) => [server.name, () => runAlone(server)] as const),
  ['stores-export', () => runTogether('stores-export', storeServers)],
  // The demo starts what it needs.
  ['two-services', () => runTogether('two-services', [])],
]);
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !checks.has(name));
if (unknown.length > 0) {
  throw new Error(`There is no ${unknown.join(', ')}: ${[...checks.keys()].join(', ')} are there.`);
}

// Whoever names a check wants it.
const skipped = wanted.length > 0 ? new Map<string, string>() : await readSkipList(root);
const count: Record<Outcome, number> = { passed: 0, failed: 0, skipped: 0 };
for (const [name, check] of checks) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const reason = skipped.get(name);
  if (reason !== undefined) {
    console.log(`skipped ${name}: ${reason}`);
    count.skipped += 1;
    continue;
  }
  const begun = performance.now();
  let outcome = await check();
  // As .ci/run does it with the tests of the service: a machine that others use may have been slow once.
  if (outcome === 'failed' && process.env.CI) {
    console.log(`failed ${name} the first time; once more`);
    outcome = await check();
  }
  count[outcome] += 1;
  if (outcome === 'skipped') continue;
  console.log(`${outcome} ${name} (${((performance.now() - begun) / 1_000).toFixed(0)} s)`);
}
console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
process.exitCode = count.failed === 0 ? 0 : 1;

/** The tests of one server, `NAME.backend.test.ts`, which may kill it. */
async function runAlone(server: TestServer | NamedServer): Promise<Outcome> {
  const running = await started(server);
  if (typeof running === 'string') return running;
  const control = await serveControl(running);
  try {
    const env = { [server.variable]: running.url, ...control.env, ...tlsEnvironment(running) };
    return (await jest(server.name, env)) ? 'passed' : 'failed';
  } finally {
    await control.close();
    await running.stop();
  }
}

/** One test file against all servers at once; those that are not to be had are left out. */
async function runTogether(name: string, servers: readonly (TestServer | NamedServer)[]): Promise<Outcome> {
  const running: RunningServer[] = [];
  const env: NodeJS.ProcessEnv = {};
  let outcome: Outcome = 'passed';
  try {
    for (const server of servers) {
      const one = skipped.has(server.name) ? 'skipped' : await started(server);
      if (one === 'failed') outcome = one;
      if (typeof one === 'string') continue;
      running.push(one);
      env[server.variable] = one.url;
    }
    return (await jest(name, env)) ? outcome : 'failed';
  } finally {
    for (const { stop } of running) await stop();
  }
}

async function started(server: TestServer | NamedServer): Promise<RunningServer | Outcome> {
  const { name, variable } = server;
  try {
    const running = await obtainServer(server);
    if (running === undefined) {
      console.log(`skipped ${name}: runs where ${variable} names a server`);
      return 'skipped';
    }
    console.log(`running ${name} at ${running.url.replaceAll(/\/\/[^ ]*@/g, '//')}`);
    return running;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const outcome = process.env.CI ? 'failed' : 'skipped';
    console.log(`${outcome} ${name}: no server: ${why}`);
    return outcome;
  }
}

/** Runs `NAME.backend.test.ts`; resolves to whether all passed. */
async function jest(name: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const program = join(root, 'node_modules/jest/bin/jest.js');
  const pattern = `/${name}\\.backend\\.test\\.ts$`;
  // One file after the other: some kill the server.
  // A client that a failed test left open would keep jest, and all other servers, waiting.
  const manner = ['--runInBand', '--forceExit'];
  const args = [program, ...manner, '--selectProjects', 'backends', '--testPathPatterns', pattern];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: 'inherit',
  });
  const [code] = await once(child, 'exit');
  return code === 0;
}
