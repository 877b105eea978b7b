import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { ProcessResult } from '../../dsl/types.ts';
import type { FromHost, ToHost } from './host-messages.ts';
import type { Sandbox, SandboxOptions } from './sandbox.ts';
import { SandboxError } from './sandbox-error.ts';

export interface HostedSandbox extends Sandbox {
  /** Ends the host with everything that runs in it. */
  close(): void;
}

interface Waiting {
  readonly resolve: (result: ProcessResult) => void;
  readonly reject: (error: unknown) => void;
}

interface Host {
  readonly child: ChildProcess;
  readonly waiting: Map<number, Waiting>;
}

/** A sandbox in a process of its own, which starts with the first program. `root` is the project's folder. */
export function createHostedSandbox(options: SandboxOptions, root: string): HostedSandbox {
  let host: Host | undefined;
  let runs = 0;

  const started = (): Host => {
    if (host?.child.connected === true) return host;
    const fresh = startHost(root, options);
    fresh.child.once('exit', () => {
      for (const { reject } of fresh.waiting.values()) reject(new Error('the sandbox host ended'));
      if (host === fresh) host = undefined;
    });
    host = fresh;
    return fresh;
  };

  return {
    async run(program, { timeoutMs, signal }) {
      signal.throwIfAborted();
      const { child, waiting } = started();
      const send = (message: ToHost): void => void child.send(message);
      runs += 1;
      const id = runs;
      const abort = (): void => send({ kind: 'abort', id });
      try {
        hold(child, waiting.size === 0);
        return await new Promise<ProcessResult>((resolve, reject) => {
          waiting.set(id, { resolve, reject });
          signal.addEventListener('abort', abort);
          send({ kind: 'run', id, program, timeoutMs });
        });
      } catch (error) {
        signal.throwIfAborted();
        throw error;
      } finally {
        signal.removeEventListener('abort', abort);
        waiting.delete(id);
        release(child, waiting.size === 0);
      }
    },
    close: () => {
      if (host?.child.connected === true) host.child.disconnect();
    },
  };
}

function startHost(root: string, options: SandboxOptions): Host {
  const child = fork(join(root, 'activities/sandbox/host.ts'), {
    env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, Waiting>();
  child.on('message', ({ id, result, failure, message = 'the sandbox host failed' }: FromHost) => {
    if (result !== undefined) waiting.get(id)?.resolve(result);
    else
      waiting
        .get(id)
        ?.reject(failure === undefined ? new Error(message) : new SandboxError(failure, message));
  });
  child.on('error', (error) => {
    for (const { reject } of waiting.values()) reject(error);
  });
  child.send({ kind: 'options', options } satisfies ToHost);
  release(child, true);
  return { child, waiting };
}

/** A worker ends although an idle host is there; one that is at work keeps it. */
function release(child: ChildProcess, idle: boolean): void {
  if (!idle) return;
  child.unref();
  child.channel?.unref();
}

function hold(child: ChildProcess, idle: boolean): void {
  if (!idle) return;
  child.ref();
  child.channel?.ref();
}
