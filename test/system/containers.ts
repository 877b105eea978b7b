/** `run: container` on a real engine: images, streams, lifetimes, repeats. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, copyFile, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../service-process.ts';
import { openProcessRunner } from '../processes/run-process.ts';
import type { Outcome, ProcessRunner } from '../processes/run-process.ts';
import { startContainerEngine } from './container-engine.ts';
import type { ContainerEngine } from './container-engine.ts';
import { busybox, ensureTools, pathOf } from './packages.ts';
import { runCommand } from './run-command.ts';

const image = 'perdure-test/busybox:1';

export async function checkContainers(root: string): Promise<void> {
  await ensureTools([busybox]);
  const engine = await startContainerEngine();
  const open = (): ProcessRunner =>
    openProcessRunner(root, { container: true, docker: { host: engine.host, volumes: ['/allowed'] } });
  const runner = open();
  try {
    await importImage(engine);
    await checkStreams(runner);
    await checkFaults(runner);
    await checkLifetimes(runner, engine);
    await checkNames(runner, engine);
    await checkRepeats(runner, open, engine);
  } finally {
    await runner.close();
    const left = await containers(engine);
    if (left.length > 0) await engine.run(['rm', '--force', ...left]);
    await engine.run(['rmi', '--force', image]).catch(() => undefined);
    await engine.stop();
  }
}

/** One static program with the names of many: no image needs to be pulled. */
async function importImage(engine: ContainerEngine): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'perdure-busybox-'));
  try {
    await mkdir(join(folder, 'bin'));
    await copyFile((await pathOf(busybox.program)) ?? busybox.program, join(folder, 'bin/busybox'));
    for (const name of ['sh', 'cat', 'echo', 'sleep', 'env', 'yes', 'wc']) {
      await symlink('busybox', join(folder, 'bin', name));
    }
    const archive = join(folder, 'image.tar');
    await runCommand('tar', ['--create', '--file', archive, '--directory', folder, 'bin']);
    await engine.run(['import', '--change', 'CMD ["/bin/echo","Hello from the image"]', archive, image]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function checkStreams(runner: ProcessRunner): Promise<void> {
  const result = (code: number, stdout: string, stderr = ''): Outcome => ({
    output: { code, stdout, stderr },
  });
  assert.deepEqual(await runner.run('container', { image }), result(0, 'Hello from the image\n'));
  const more = { image, arguments: ['and from', 'the task'] };
  assert.deepEqual(
    await runner.run('container', more),
    result(0, 'Hello from the image and from the task\n'),
  );
  // The specification's example, with a variable.
  const command =
    'input=$(cat)\necho "STDIN was: $input"\necho "ARGS are $1 $2 $NAME"\necho oops >&2\nexit 3\n';
  const given = { image, command, stdin: 'Hello', arguments: ['Foo', 'Bar'], environment: { NAME: 'Ada' } };
  assert.deepEqual(
    await runner.run('container', given),
    result(3, 'STDIN was: Hello\nARGS are Foo Bar Ada\n', 'oops\n'),
  );
  const long = { image, command: 'wc -c', stdin: 'x'.repeat(1_000_000) };
  assert.deepEqual(await runner.run('container', long, { return: 'stdout' }), { output: '1000000\n' });
  assert.deepEqual(await runner.run('container', { image, command: 'exit 4' }, { return: 'code' }), {
    output: 4,
  });
}

async function checkFaults(runner: ProcessRunner): Promise<void> {
  const fault = async (described: object, timeoutMs = 20_000): Promise<string> => {
    const outcome = await runner.run('container', { image, ...described }, { return: 'stdout', timeoutMs });
    return 'error' in outcome ? `${outcome.error.status} ${outcome.error.title}` : 'none';
  };
  assert.equal(await fault({ command: 'exit 3' }), '500 Process Failed');
  assert.equal(await fault({ command: 'sleep 60' }, 1_500), '408 Process Timeout');
  assert.equal(await fault({ command: 'yes' }), '500 Output Too Large');
  assert.equal(await fault({ image: 'perdure-test/none', pullPolicy: 'never' }), '404 Container Not Run');
  assert.match(await fault({ image: '127.0.0.1:1/perdure-test/none' }), /^5\d\d Container Not Run$/);
  assert.equal(await fault({ volumes: { '/etc': '/host' } }), '403 Volume Not Allowed');
  assert.equal(await fault({ volumes: { '/allowed/../etc': '/host' } }), '403 Volume Not Allowed');
  assert.equal(await fault({ ports: { a: 80 } }), '400 Configuration Error');
}

async function checkLifetimes(runner: ProcessRunner, engine: ContainerEngine): Promise<void> {
  const before = await containers(engine);
  await runner.run('container', { image, name: 'perdure-test-gone', lifetime: { cleanup: 'always' } });
  await runner.run('container', { image, name: 'perdure-test-kept', lifetime: { cleanup: 'never' } });
  const later = { cleanup: 'eventually', after: { seconds: 2 } };
  await runner.run('container', { image, name: 'perdure-test-later', lifetime: later });
  const added = (await containers(engine)).filter((name) => !before.includes(name));
  assert.deepEqual(added.sort(), ['perdure-test-kept', 'perdure-test-later']);
  await eventually('The removal of the container', async () =>
    (await containers(engine)).includes('perdure-test-later') ? undefined : true,
  );
}

async function checkNames(runner: ProcessRunner, engine: ContainerEngine): Promise<void> {
  await runner.run('container', { image }, { task: 'my task' });
  const named = (await containers(engine)).filter((name) =>
    /^processes-[0-9a-f]{12}\.test-my_task$/.test(name),
  );
  assert.equal(named.length, 1);
  const again = await runner.run('container', { image, name: 'perdure-test-kept' });
  assert.equal('error' in again && again.error.status, 409);
}

/** A worker that is lost leaves its container; whoever repeats the activity finds it. */
async function checkRepeats(
  runner: ProcessRunner,
  open: () => ProcessRunner,
  engine: ContainerEngine,
): Promise<void> {
  const taskRun = 1_000;
  const described = { image, name: 'perdure-test-repeat', command: 'echo one; sleep 3; echo two' };
  const lost = open();
  const stop = new AbortController();
  const cut = lost
    .run('container', described, { taskRun, signal: stop.signal })
    .catch((error: unknown) => error);
  await eventually('The container', async () =>
    (await containers(engine)).includes('perdure-test-repeat') ? true : undefined,
  );
  stop.abort(new Error('WORKER_SHUTDOWN'));
  const ended = await cut;
  assert.ok(ended instanceof Error && ended.message === 'WORKER_SHUTDOWN');
  await lost.close();
  const repeated = await runner.run('container', described, { taskRun, return: 'stdout' });
  assert.deepEqual(repeated, { output: 'one\ntwo\n' });
}

async function containers(engine: ContainerEngine): Promise<string[]> {
  const names = await engine.run([
    'ps',
    '--all',
    '--filter',
    'label=io.perdure.run',
    '--format',
    '{{.Names}}',
  ]);
  return names.split('\n').filter((name) => name !== '');
}
