/**
 * The process that starts and watches a worker's scripts. To start a process takes the one who does it tens of
 * milliseconds on a busy machine, and reading output takes time too: the worker, which may be the API as well, has
 * better things to do. What this process has in its environment is nothing but the way to programs; it ends with the
 * worker, and ends what runs.
 */
import { setPriority } from 'node:os';
import type { FromHost, ToHost } from './host-messages.ts';
import { createSandbox } from './sandbox.ts';
import type { Sandbox } from './sandbox.ts';
import { SandboxError } from './sandbox-error.ts';

/** Scripts go lower still. */
setPriority(5);

let sandbox: Sandbox | undefined;
const running = new Map<number, AbortController>();

process.on('message', (message: ToHost) => {
  if (message.kind === 'options') sandbox = createSandbox(message.options);
  else if (message.kind === 'abort') running.get(message.id)?.abort();
  else void run(message);
});

process.on('disconnect', () => {
  for (const abort of running.values()) abort.abort();
});

async function run({ id, program, timeoutMs }: Extract<ToHost, { kind: 'run' }>): Promise<void> {
  const abort = new AbortController();
  running.set(id, abort);
  const answer = await outcome(program, { timeoutMs, signal: abort.signal });
  running.delete(id);
  if (process.connected) process.send?.({ id, ...answer });
}

async function outcome(...given: Parameters<Sandbox['run']>): Promise<Omit<FromHost, 'id'>> {
  try {
    return { result: await sandbox?.run(...given) };
  } catch (error) {
    return error instanceof SandboxError
      ? { failure: error.failure, message: error.message }
      : { message: error instanceof Error ? error.message : String(error) };
  }
}
