import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { eventually } from '../service-process.ts';
import { findFreePort } from '../../temporal/free-port.ts';
import { ensureBaseImage } from './base-image.ts';
import { startContainerEngine } from './container-engine.ts';
import type { ContainerEngine } from './container-engine.ts';

const image = 'perdure-test/perdure';
const service = `perdure-test-${process.pid}`;
const api = `${service}-api`;
const worker = `${service}-worker`;
/** Docker's own build arguments: a build passes them on without the Dockerfile naming them. */
const proxyVariables = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];

/** A port of the host for each thing that listens in a container. */
interface Ports {
  readonly api: number;
  readonly temporal: number;
  readonly webUi: number;
  readonly shop: number;
}

/**
 * The image builds; in a container without rights, on a file system that cannot be written to, it becomes healthy and
 * runs the demo; it stops in order, and its volume keeps what ran. API and worker run in containers of their own, too.
 */
export async function checkImage(root: string): Promise<void> {
  const engine = await startContainerEngine();
  try {
    await build(engine, root);
    await checkContainers(engine);
  } finally {
    await engine.stop();
  }
}

async function checkContainers(engine: ContainerEngine): Promise<void> {
  const ports = {
    api: await findFreePort(),
    temporal: await findFreePort(),
    webUi: await findFreePort(),
    shop: await findFreePort(),
  };
  try {
    await startService(engine, ports);
    await checkUser(engine);
    const execution = await runDemo(engine);
    await checkProcesses(engine);
    await restart(engine);
    const show = ['exec', service, 'node', 'cli/perdure.js', 'show', execution, '--json'];
    assert.equal((JSON.parse(await engine.run(show)) as { status?: unknown }).status, 'completed');
    await checkRoles(engine, ports);
  } catch (error) {
    console.error(await engine.run(['logs', '--tail', '60', service]).catch(String));
    throw error;
  } finally {
    await engine.run(['rm', '--force', '--volumes', api, worker, service]).catch(() => undefined);
    await engine.run(['rmi', '--force', image]);
  }
}

async function build(engine: ContainerEngine, root: string): Promise<void> {
  const dockerfile = join(root, 'docker/Dockerfile');
  const base = await ensureBaseImage(engine, dockerfile);
  const proxies = proxyVariables.filter((name) => process.env[name] !== undefined);
  const buildArguments = [`NODE_IMAGE=${base}`, ...proxies].flatMap((name) => ['--build-arg', name]);
  console.log('  building the image');
  const where = ['--network', 'host', '--file', dockerfile, '--tag', image, root];
  await engine.run(['build', ...buildArguments, ...where], 480_000);
}

async function startService(engine: ContainerEngine, ports: Ports): Promise<void> {
  await start(engine, service, [], {
    PORT: ports.api,
    PERDURE_TEMPORAL_PORT: ports.temporal,
    PERDURE_TEMPORAL_UI_PORT: ports.webUi,
    PERDURE_EXAMPLES_PORT: ports.shop,
  });
  await whenHealthy(engine);
}

async function start(
  engine: ContainerEngine,
  name: string,
  args: readonly string[],
  environment: Readonly<Record<string, string | number>>,
): Promise<void> {
  const variables = Object.entries(environment).flatMap((pair) => ['--env', pair.join('=')]);
  const volumes = name === service ? [] : ['--volumes-from', service];
  const rights = [
    '--read-only',
    '--tmpfs',
    '/tmp',
    '--cap-drop',
    'ALL',
    '--security-opt',
    'no-new-privileges',
  ];
  const options = ['--name', name, '--network', 'host', ...volumes, ...rights, ...variables];
  await engine.run(['run', '--detach', ...options, image, ...args]);
}

/** API and worker in containers of their own, as in compose.temporal.yaml: they share the volume and the server. */
async function checkRoles(engine: ContainerEngine, ports: Ports): Promise<void> {
  const [apiPort, workerPort] = [await findFreePort(), await findFreePort()];
  const environment = {
    HOST: '0.0.0.0',
    PERDURE_API_KEYS: `test:${createHash('sha256').update('key').digest('hex')}`,
    TEMPORAL_ADDRESS: `127.0.0.1:${ports.temporal}`,
  };
  await start(engine, api, ['start', '--role', 'api'], { ...environment, PORT: apiPort });
  await start(engine, worker, ['start', '--role', 'worker'], {
    ...environment,
    PERDURE_WORKER_PORT: workerPort,
  });
  for (const [name, port] of [
    [api, apiPort],
    [worker, workerPort],
  ] as const) {
    const check = ['exec', name, 'node', 'docker/healthcheck.ts', String(port)];
    await eventually(`A ready ${name}`, () => engine.run(check), { details: () => `docker logs ${name}` });
  }
  const list = ['exec', '--env', 'PERDURE_API_KEY=key', api, 'node', 'cli/perdure.js', 'ls'];
  assert.match(await engine.run(list), /order-fulfilment/);
}

async function whenHealthy(engine: ContainerEngine): Promise<void> {
  const health = ['inspect', '--format', '{{.State.Status}} {{.State.Health.Status}}', service];
  await eventually(
    'A healthy container',
    async () => ((await engine.run(health)) === 'running healthy' ? true : undefined),
    { timeoutMs: 90_000, everyMs: 1_000 },
  );
}

async function checkUser(engine: ContainerEngine): Promise<void> {
  assert.notEqual(await engine.run(['exec', service, 'id', '-u']), '0', 'the image must not run as root');
}

/** Resolves to the id of the demo's execution. */
async function runDemo(engine: ContainerEngine): Promise<string> {
  const printed = await engine.run(['exec', service, 'node', 'examples/demo.ts'], 120_000);
  assert.match(printed, /Using the service that runs/);
  const id = /^Execution (\S+) of shop\/order-fulfilment /m.exec(printed)?.[1];
  assert.ok(id, `the demo names no execution:\n${printed}`);
  return id;
}

/** Node runs the service itself; npm is not even there. */
async function checkProcesses(engine: ContainerEngine): Promise<void> {
  const processes = await engine.run(['top', service, '-eo', 'pid,args']);
  assert.match(processes, /node cli\/perdure\.js start/);
  assert.doesNotMatch(processes, /\bnpm\b/);
  const findNpm = ['exec', service, 'sh', '-c', 'command -v npm || echo none'];
  assert.equal(await engine.run(findNpm), 'none');
}

async function restart(engine: ContainerEngine): Promise<void> {
  await engine.run(['stop', '--time', '30', service]);
  const exitCode = await engine.run(['inspect', '--format', '{{.State.ExitCode}}', service]);
  assert.equal(exitCode, '0', 'docker stop must end the service in order');
  await engine.run(['start', service]);
  await whenHealthy(engine);
}
