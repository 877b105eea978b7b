import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { constants } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessResult } from '../../dsl/types.ts';
import type { Running } from './launch.ts';
import type { SandboxLimits } from './limits.ts';
import { treeUsage } from './process-tree.ts';
import { SandboxError } from './sandbox-error.ts';

export interface WatchOptions {
  readonly limits: SandboxLimits;
  readonly timeoutMs: number;
  readonly deadline: AbortSignal;
  readonly signal: AbortSignal;
}

/** How often the usage is read: what a program can do in between is bounded by the kernel's own limits. */
const everyMs = 100;

/** How long streams may stay open after the program's end: processes that it left behind hold them. */
const lingerMs = 500;

/** Waits for the program's end and collects what it printed; kills it with everything it started once it goes too far. */
export async function watch(running: Running, options: WatchOptions): Promise<ProcessResult> {
  const { child, stdout, stderr } = running;
  const { limits, timeoutMs, deadline, signal } = options;
  const tooFar = Promise.withResolvers<never>();
  const fail = (failure: SandboxError): void => tooFar.reject(failure);
  const collect = collector(limits.outputBytes, () =>
    fail(exceeded('output', `more than ${limits.outputBytes} bytes`, 'outputBytes')),
  );
  const output = [collect(stdout), collect(stderr)] as const;
  const ended = exitCode(running);
  const late = (): void => fail(new SandboxError('timeout', `it did not end within ${timeoutMs} ms`));
  const cancelled = (): void => tooFar.reject(signal.reason as Error);
  deadline.addEventListener('abort', late);
  signal.addEventListener('abort', cancelled);
  if (deadline.aborted) late();
  if (signal.aborted) cancelled();
  const stop = new AbortController();
  void watchUsage(running.pid, limits, stop.signal).catch(fail);
  try {
    const code = await Promise.race([ended, tooFar.promise]);
    sendKill(-running.pid);
    // Beyond that time somebody else holds the stream.
    await Promise.race([
      Promise.all(output.map(({ closed }) => closed)),
      tooFar.promise,
      delay(lingerMs, undefined, { signal: stop.signal }),
    ]);
    return { code, stdout: output[0].text(), stderr: output[1].text() };
  } finally {
    stop.abort();
    deadline.removeEventListener('abort', late);
    signal.removeEventListener('abort', cancelled);
    await kill(running);
    stdout.destroy();
    stderr.destroy();
    child.unref();
  }
}

/** Rejects with a {@link SandboxError} as soon as the tree uses more than it may. */
async function watchUsage(pid: number, limits: SandboxLimits, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const usage = await treeUsage(pid);
    if (usage === undefined) return;
    const { cpuSeconds, memoryBytes, threads } = usage;
    if (memoryBytes > limits.memoryBytes)
      throw exceeded('memory', `more than ${limits.memoryBytes} bytes of memory`, 'memoryBytes');
    if (cpuSeconds >= limits.cpuSeconds)
      throw exceeded('cpu', `${limits.cpuSeconds} s of processor time`, 'cpuSeconds');
    if (threads > limits.processes + launchers)
      throw exceeded('processes', `more than ${limits.processes} processes and threads`, 'processes');
    await delay(everyMs, undefined, { signal: stop }).catch(() => undefined);
  }
}

/** bubblewrap's two processes, and the threads of Node where it runs the script. */
const launchers = 32;

function exceeded(
  failure: 'cpu' | 'memory' | 'processes' | 'output',
  what: string,
  setting: keyof SandboxLimits,
): SandboxError {
  const verb = failure === 'output' ? 'printed' : 'used';
  return new SandboxError(failure, `it ${verb} ${what} and was ended (run.limits.${setting})`);
}

interface Collected {
  readonly closed: Promise<unknown>;
  text(): string;
}

function collector(maxBytes: number, tooMuch: () => void): (stream: Socket) => Collected {
  let total = 0;
  return (stream) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => {
      total += chunk.length;
      if (total <= maxBytes) chunks.push(chunk);
      else {
        stream.pause();
        tooMuch();
      }
    });
    stream.on('error', () => undefined);
    return { closed: once(stream, 'close'), text: () => Buffer.concat(chunks).toString().toWellFormed() };
  };
}

/** The exit code as a shell gives it: 128 and the number of the signal that ended the program. */
async function exitCode({ child }: Running): Promise<number> {
  if (!hasEnded(child)) await once(child, 'exit');
  return child.exitCode ?? 128 + constants.signals[child.signalCode ?? 'SIGKILL'];
}

/**
 * Kills everything below the program, then the program with its group. bubblewrap, where it is the program, ends by
 * itself once what it runs is dead, and so leaves nobody behind for the machine's first process to bury.
 */
async function kill({ child, pid }: Running): Promise<void> {
  if (!hasEnded(child)) {
    const usage = await treeUsage(pid);
    for (const member of usage?.pids ?? []) if (member !== pid) sendKill(member);
    if ((usage?.pids.length ?? 0) > 1) {
      await Promise.race([once(child, 'exit'), delay(lingerMs / 5)]);
    }
  }
  sendKill(-pid);
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function sendKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
