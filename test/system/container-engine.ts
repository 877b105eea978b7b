import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../service-process.ts';
import { docker, dockerd, ensureTools, pathOf, systemCache } from './packages.ts';
import { CommandError, runCommand, succeeds } from './run-command.ts';

/** A container engine to give commands to. */
export interface ContainerEngine {
  /** Its address, as DOCKER_HOST has it; absent where it is the usual one. */
  readonly host?: string;
  /** Runs `docker ARGS`; resolves to what it printed. */
  run(args: readonly string[], timeoutMs?: number): Promise<string>;
  stop(): Promise<void>;
}

/**
 * The engine that answers on this machine, else one of our own: on a private socket, with everything it keeps in a
 * folder that `stop` removes, and without networks, so that it changes nothing on the host. It needs Linux and root.
 */
export async function startContainerEngine(): Promise<ContainerEngine> {
  await ensureTools([docker]);
  // The engine's own builder serves where the plugin for the newer one is not installed.
  const env = (await succeeds('docker', ['buildx', 'version'])) ? {} : { DOCKER_BUILDKIT: '0' };
  if (await succeeds('docker', ['info'])) {
    const run: ContainerEngine['run'] = (args, timeoutMs) => dockerCommand(env, args, timeoutMs);
    return { host: process.env.DOCKER_HOST, run, stop: () => Promise.resolve() };
  }
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new Error('No container engine answers (docker info), and only root on Linux can start one here.');
  }
  await ensureTools([dockerd]);
  return await startOwnEngine(env);
}

async function startOwnEngine(env: NodeJS.ProcessEnv): Promise<ContainerEngine> {
  const folder = await mkdtemp(join(await systemCache(), 'engine-'));
  const logFile = join(folder, 'log');
  const log = await open(logFile, 'w');
  const socket = `unix://${join(folder, 'docker.sock')}`;
  const folders = [`--data-root=${join(folder, 'data')}`, `--exec-root=${join(folder, 'exec')}`];
  const noNetworks = ['--bridge=none', '--iptables=false', '--ip6tables=false'];
  const child = spawn(
    (await pathOf(dockerd.program)) ?? dockerd.program,
    [`--host=${socket}`, `--pidfile=${join(folder, 'pid')}`, ...folders, ...noNetworks],
    { stdio: ['ignore', log.fd, log.fd] },
  );
  await log.close();
  const exited = once(child, 'exit').catch((error: unknown) => error);
  const run = (args: readonly string[], timeoutMs?: number): Promise<string> =>
    dockerCommand({ ...env, DOCKER_HOST: socket }, args, timeoutMs);
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
    // The engine leaves the handle on the host's network mounted, and then the folder could not be removed.
    await succeeds('umount', [join(folder, 'exec/netns/default')]);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await eventually('The container engine', async () => (await run(['info'])) !== '', { timeoutMs: 60_000 });
    return { host: socket, run, stop };
  } catch (error) {
    const lines = await readFile(logFile, 'utf8').catch(() => '');
    await stop();
    throw new Error(`dockerd does not start:\n${lines.split('\n').slice(-20).join('\n')}`, { cause: error });
  }
}

async function dockerCommand(
  env: NodeJS.ProcessEnv,
  args: readonly string[],
  timeoutMs?: number,
): Promise<string> {
  return await runCommand('docker', args, { env, timeoutMs });
}

/** Whether the image can be pulled; the reason goes to the log when it cannot. */
export async function pull(engine: ContainerEngine, image: string): Promise<boolean> {
  try {
    await engine.run(['pull', '--quiet', image], 180_000);
    return true;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    console.log(`  ${image} cannot be pulled: ${error.message.split('\n').at(-1)}`);
    return false;
  }
}
