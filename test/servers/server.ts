/** Servers that tests of outside systems run against: one that a person names, else one that is started here. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';

/** A server's program under way. */
export interface RunningProgram {
  /** Ends it in good order. */
  stop(): Promise<void>;
  /** Ends it at once, as when its machine lost power. */
  kill(): Promise<void>;
  /** Starts it again after its end: the same port, the same data. Resolves when its port accepts connections. */
  start(): Promise<void>;
}

export interface RunningServer extends RunningProgram {
  readonly url: string;
}

/** A kind of server, and how it is had. */
export interface TestServer {
  readonly name: string;
  /** The variable of the environment that names a server to use instead: its URL. */
  readonly variable: string;
  /** Starts a server of our own in this folder, on free ports of the loopback. Throws where that cannot be done here. */
  start(folder: string): Promise<RunningServer>;
}

export interface ProcessOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
  readonly cwd?: string;
}

/**
 * Starts a server's program and waits until its port accepts connections. Fails with the end of what it printed when it
 * exits before, or takes longer than two minutes.
 */
export async function startProgram(
  program: string,
  args: readonly string[],
  port: number,
  options: ProcessOptions = {},
): Promise<RunningProgram> {
  let end: (signal: NodeJS.Signals) => Promise<void>;
  const start = async (): Promise<void> => {
    end = await launch(program, args, port, options);
  };
  await start();
  return { start, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}

/** Resolves to what ends the program; nothing once it has ended. */
async function launch(
  program: string,
  args: readonly string[],
  port: number,
  { env, uid, gid, cwd }: ProcessOptions,
): Promise<(signal: NodeJS.Signals) => Promise<void>> {
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
    if (!hasExited && child.pid !== undefined) process.kill(-child.pid, signal);
    await exited;
    // What a script has started may take a moment longer.
    while (await accepts(port)) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const until = Date.now() + 120_000;
  while (!(await accepts(port))) {
    if (hasExited || Date.now() > until) {
      await end('SIGTERM');
      throw new Error(`${program} does not start:\n${printed.split('\n').slice(-15).join('\n')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return end;
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
