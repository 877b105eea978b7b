import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { databaseFile } from './dev-server-record.ts';

export interface ProcessOptions {
  readonly executable: string;
  /** Folder of local state, absolute. */
  readonly data: string;
  readonly port: number;
  readonly uiPort: number;
}

/** The dev server's process, however often it is asked about its end. */
export interface DevServerProcess {
  readonly pid: number;
  readonly exited: Promise<void>;
  hasExited(): boolean;
  /** Asks it to end, after 10 s no longer asks; resolves when it is gone. */
  stop(): Promise<void>;
}

/** Where the dev server's own log goes; each start begins it anew. */
export function logFile(data: string): string {
  return join(data, 'temporal.log');
}

/** Starts the process without waiting until it answers. Fails when the executable cannot be started. */
export async function spawnDevServer(options: ProcessOptions): Promise<DevServerProcess> {
  const log = await open(logFile(options.data), 'w');
  try {
    // A process group of its own: Ctrl-C in a terminal goes to the whole group, but the worker drains first.
    const child = spawn(options.executable, serverArguments(options), {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    const pid = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('spawn', () => resolve(child.pid ?? 0));
    });
    return watch(child, pid);
  } finally {
    await log.close();
  }
}

/**
 * Lets a dev server hand over a task as soon as it is there. By default the queue of its one shard is read 20 times a
 * second at most, and an execution that does one thing after the other waits for a turn at each step.
 */
export const promptQueue = ['--dynamic-config-value', 'history.transferProcessorMaxPollRPS=1000'] as const;

function serverArguments({ data, port, uiPort }: ProcessOptions): readonly string[] {
  const state = ['--db-filename', databaseFile(data)];
  const ports = ['--port', String(port), '--ui-port', String(uiPort)];
  const log = ['--log-level', 'warn', '--log-format', 'json'];
  return ['server', 'start-dev', '--ip', '127.0.0.1', ...state, ...ports, ...log, ...promptQueue];
}

function watch(child: ChildProcess, pid: number): DevServerProcess {
  let gone = false;
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      gone = true;
      resolve();
    });
  });
  const guard = spawnGuard(pid);
  void exited.then(() => guard.kill('SIGKILL'));
  return {
    pid,
    exited,
    hasExited: () => gone,
    stop: async () => {
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await exited;
      clearTimeout(force);
    },
  };
}

/**
 * Ends the server when this process ends in whatever way, SIGKILL included: the guard reads a pipe that only this
 * process holds open. It is ended before the server's process id can go to another process.
 */
function spawnGuard(pid: number): ChildProcess {
  const guard = spawn('sh', ['-c', 'cat > /dev/null; kill "$1"', 'perdure-guard', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without a shell the server may outlive a killed Perdure; the next start finds it by its record.
  guard.on('error', () => undefined);
  guard.stdin?.on('error', () => undefined);
  return guard;
}

/** What the dev server said last, for an error message. */
export async function lastWords(data: string): Promise<string> {
  const lines = (await readFile(logFile(data), 'utf8').catch(() => '')).trim().split('\n');
  return lines.findLast((line) => line.startsWith('Error:')) ?? lines.at(-1) ?? '';
}
