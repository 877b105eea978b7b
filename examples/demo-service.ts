import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from '../cli/client.ts';
import { CliError, exitCodes } from '../cli/exit-codes.ts';
import type { Terminal } from '../cli/terminal.ts';
import { printable } from '../cli/terminal.ts';

export interface ServiceOptions {
  /** The project's folder, absolute. */
  readonly root: string;
  readonly client: ApiClient;
  readonly terminal: Terminal;
  /** Environment of a service that has to be started. */
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** The first start may have to fetch a Temporal server. */
const startTimeoutMs = 300_000;
const stopTimeoutMs = 20_000;
const pollMs = 250;

/** The service that the demo uses. */
export interface DemoService {
  /** Whether it ends with the demo. */
  readonly own: boolean;
  stop(): Promise<void>;
}

/**
 * Makes sure that a service answers: the one that runs, else one of our own, which `stop` ends. Fails with a {@link CliError} when the service ends or does not get ready in five minutes.
 */
export async function ensureService(options: ServiceOptions): Promise<DemoService> {
  const { root, client, terminal, environment, signal } = options;
  if (await client.isReady()) {
    terminal.out('Using the service that runs.\n');
    return { own: false, stop: () => Promise.resolve() };
  }
  terminal.out('Starting the service.\n');
  // A process group of its own: Ctrl-C reaches the demo alone, which then stops the service in order.
  const child = spawn(process.execPath, [join(root, 'cli', 'perdure.js'), 'start'], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const output = new ServiceOutput(child, terminal);
  const stop = (): Promise<void> => stopService(child);
  try {
    await untilReady(client, child, signal);
    output.hide();
    return { own: true, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function untilReady(client: ApiClient, child: ChildProcess, signal: AbortSignal): Promise<void> {
  let failure: string | undefined;
  child.once('error', (error) => (failure = error.message));
  child.once('exit', (code) => (failure ??= `it ended with code ${code ?? 'none'}`));
  const deadline = Date.now() + startTimeoutMs;
  while (!(await client.isReady())) {
    if (failure !== undefined)
      throw new CliError(exitCodes.unreachable, `The service did not start: ${failure}`);
    if (Date.now() > deadline)
      throw new CliError(exitCodes.unreachable, 'The service did not get ready in 5 minutes');
    await delay(pollMs, undefined, { signal });
  }
}

async function stopService(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<true>((resolve) => child.once('exit', () => resolve(true)));
  signalGroup(pid, 'SIGTERM');
  const inTime = await Promise.race([ended, delay(stopTimeoutMs, false, { ref: false })]);
  if (!inTime) signalGroup(pid, 'SIGKILL');
  await ended;
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}

/** Shows what the service says until it is ready; later its log would tear the progress apart. */
class ServiceOutput {
  #shown = true;

  constructor(child: ChildProcess, terminal: Terminal) {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      // Read to the end even when hidden: a full pipe would stop the service.
      createInterface({ input: stream }).on('line', (line) => {
        if (this.#shown) terminal.err(terminal.style('faint', `  | ${printable(line)}\n`));
      });
    }
  }

  hide(): void {
    this.#shown = false;
  }
}
