/** The service as its users run it: real processes on free ports, with a data folder that is thrown away. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '../temporal/free-port.ts';

export interface RunningProcess {
  readonly child: ChildProcess;
  /** Everything that it printed so far. */
  readonly output: () => string;
  /** Ends it politely and waits. */
  stop(): Promise<void>;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
}

export interface Service extends RunningProcess {
  readonly url: string;
  readonly data: string;
  readonly temporalAddress: string;
  /** The Temporal Web UI, without a slash at the end. */
  readonly uiUrl: string;
}

/** Starts `node cli/perdure.js ARGS` in the project's root and collects what it prints. */
export function startProcess(root: string, args: readonly string[], env: NodeJS.ProcessEnv): RunningProcess {
  const child = spawn(process.execPath, [join(root, 'cli/perdure.js'), ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const collect = (chunk: Buffer): void => {
    printed += chunk.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  return { child, output: () => printed, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}

/** Polls until `check` gives a value, or fails with what the process printed. */
export async function eventually<T>(
  what: string,
  check: () => Promise<T | undefined>,
  options: { readonly timeoutMs?: number; readonly everyMs?: number; readonly details?: () => string } = {},
): Promise<T> {
  const deadline = Date.now() + (options.timeoutMs ?? 60_000);
  for (;;) {
    const found = await check().catch(() => undefined);
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`${what} did not come about.\n${options.details?.() ?? ''}`);
    await new Promise((resolve) => setTimeout(resolve, options.everyMs ?? 200));
  }
}

/** Waits until the process answers `/readyz`, and fails at once if it exits first. */
export async function whenReady(url: string, running: RunningProcess, timeoutMs = 120_000): Promise<void> {
  const { child, output } = running;
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const isReady = await fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`The service ended before it was ready:\n${output()}`);
    if (Date.now() > deadline) throw new Error(`${url}/readyz does not answer:\n${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** The whole service on embedded defaults in a data folder of its own; `stop` removes the folder. */
export async function startService(root: string, env: NodeJS.ProcessEnv = {}): Promise<Service> {
  const data = env['PERDURE_DATA'] ?? (await mkdtemp(join(tmpdir(), 'perdure-')));
  const [port, temporalPort, uiPort, workerPort] = [
    await findFreePort(),
    await findFreePort(),
    await findFreePort(),
    await findFreePort(),
  ];
  const running = startProcess(root, ['start'], {
    HOST: '127.0.0.1',
    PORT: String(port),
    PERDURE_DATA: data,
    PERDURE_TEMPORAL_PORT: String(temporalPort),
    PERDURE_TEMPORAL_UI_PORT: String(uiPort),
    PERDURE_WORKER_PORT: String(workerPort),
    PERDURE_DEPLOY_EXAMPLES: 'false',
    ...env,
  });
  const url = `http://127.0.0.1:${port}`;
  try {
    await whenReady(url, running);
  } catch (error) {
    await running.kill();
    throw error;
  }
  return {
    ...running,
    url,
    data,
    temporalAddress: `127.0.0.1:${temporalPort}`,
    uiUrl: `http://127.0.0.1:${uiPort}`,
    async stop() {
      await running.stop();
      if (env['PERDURE_DATA'] === undefined) await rm(data, { recursive: true, force: true });
    },
  };
}
