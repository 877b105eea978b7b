/** Runs conformance-holder.ts, for tests. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** What the process says in one line. */
export interface HolderLine {
  readonly token?: string;
  /** What the resource answered. */
  readonly status?: number;
  readonly lost?: boolean;
}

export interface HolderProcess {
  readonly lines: readonly HolderLine[];
  /** Resolves to the first line that is like this, from the `from`th on; fails when the process ends before. */
  says(isLike: (line: HolderLine) => boolean, from?: number): Promise<HolderLine>;
  signal(name: NodeJS.Signals): void;
  kill(): Promise<void>;
}

/** Starts a holder; its first line says that it has the lock. */
export function startHolderProcess(args: readonly string[], env: NodeJS.ProcessEnv = {}): HolderProcess {
  const program = join(process.cwd(), 'backends/locks/conformance-holder.ts');
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const ended = once(child, 'exit');
  const lines: HolderLine[] = [];
  const reading = createInterface(child.stdout);
  reading.on('line', (line) => lines.push(JSON.parse(line) as HolderLine));
  return {
    lines,
    async says(isLike, from = 0) {
      for (;;) {
        const found = lines.slice(from).find(isLike);
        if (found !== undefined) return found;
        const next = await Promise.race([once(reading, 'line'), ended.then(() => undefined)]);
        if (next === undefined && !lines.slice(from).some(isLike))
          throw new Error(`the holder ended:\n${complaints}`);
      }
    },
    signal: (name) => void child.kill(name),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
