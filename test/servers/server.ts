/** Servers that tests of outside systems run against: one that a person names, else one that is started here. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';

export interface RunningServer extends Partial<ServerControl> {
  readonly url: string;
  readonly tls?: ServerTls;
  /** Ends a server that was started here; one that was named is left alone. */
  readonly stop: () => Promise<void>;
}

/** Where a server takes TLS beside plain text. */
export interface ServerTls {
  /** By the name `localhost`, for which alone the certificate is. It does not ask for TLS itself. */
  readonly url: string;
  /** Of the authority that signed it, a PEM file. */
  readonly caFile: string;
}

/** For tests of outages: only where the server was started here. */
export interface ServerControl {
  /** Ends it as a crash would. */
  readonly kill: () => Promise<void>;
  /** Starts it again, on the same port and data. */
  readonly start: () => Promise<void>;
}

/** A kind of server that is tested where somebody names one: it can be had nowhere else. */
export interface NamedServer {
  readonly name: string;
  /** The variable of the environment that names a server to use: its URL. */
  readonly variable: string;
}

/** A kind of server that is started where nobody names one. */
export interface TestServer extends NamedServer {
  /** Starts a server of our own in this folder, on free ports of the loopback. Throws where that cannot be done here. */
  start(folder: string): Promise<RunningServer>;
}

export interface ProcessOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
  readonly cwd?: string;
  /** Whether it works; asked once it accepts connections, where that comes before. */
  readonly isReady?: () => Promise<boolean>;
}

/** A program that is started at once, and can be killed and started again. */
export type RunningProgram = Pick<RunningServer, 'stop'> & ServerControl;

/**
 * Starts a server's program and waits until its port accepts connections and it is ready. Fails with the end of what it printed when it
 * exits before, or takes longer than two minutes.
 */
export async function startProgram(
  program: string,
  args: readonly string[],
  port: number,
  options: ProcessOptions = {},
): Promise<RunningProgram> {
  let running = await launch(program, args, port, options);
  return {
    stop: () => running.end('SIGTERM'),
    kill: () => running.end('SIGKILL'),
    start: async () => {
      running = await launch(program, args, port, options);
    },
  };
}

async function launch(
  program: string,
  args: readonly string[],
  port: number,
  { env, uid, gid, cwd, isReady = () => Promise.resolve(true) }: ProcessOptions,
): Promise<{ readonly end: (signal: NodeJS.Signals) => Promise<void> }> {
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    uid,
    gid,
    cwd,
    // Some servers are a script around the program: the group gets the signal.
    detached: true,
  });
  let printed = '';
  const collect = (chunk: Buffer): void => {
    printed = (printed + chunk.toString()).slice(-10_000);
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  let hasExited = false;
  const exited = once(child, 'exit').then(
    () => (hasExited = true),
    (error: unknown) => {
      hasExited = true;
      printed += String(error);
    },
  );
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (!hasExited && child.pid !== undefined) {
      // Some have left the group, as those of PostgreSQL do, and would answer for a moment longer.
      const others = signal === 'SIGKILL' ? await childrenOf(child.pid) : [];
      process.kill(-child.pid, signal);
      for (const pid of others) killIfThere(pid, signal);
      while ((await Promise.all(others.map(isRunning))).includes(true)) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
    await exited;
  };
  const until = Date.now() + 120_000;
  while (!(await accepts(port)) || !(await isReady())) {
    if (hasExited || Date.now() > until) {
      await end('SIGTERM');
      throw new Error(`${program} does not start:\n${printed.split('\n').slice(-15).join('\n')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { end };
}

/** Empty where the system does not tell. */
async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text
    .split(' ')
    .map(Number)
    .filter((child) => child > 0);
}

function killIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}

/** One that has ended, and whose parent has not taken note of that, does not count. */
async function isRunning(pid: number): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z');
  return !/^[ZX]/.test(text.slice(text.lastIndexOf(')') + 2));
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
