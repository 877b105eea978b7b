/** Runs conformance-consumer.ts, for tests. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** What the process says in one line. */
export interface ConsumerLine {
  readonly ready?: boolean;
  readonly begun?: string;
  readonly attempt?: number;
  readonly done?: string;
}

export interface ConsumerProcess {
  readonly lines: readonly ConsumerLine[];
  /** Resolves when a line is like this; fails when the process ends before. */
  says(isLike: (line: ConsumerLine) => boolean): Promise<void>;
  /** Stops it where it stands, as on a machine that is too busy, until it is let go on. */
  pause(): void;
  resume(): void;
  /** Ends it at once, in the middle of whatever it does. */
  kill(): Promise<void>;
}

/** Starts a consumer; resolves when it consumes. */
export async function startConsumerProcess(
  url: string,
  group: string,
  concurrency: number,
  onLine: (line: ConsumerLine) => void = () => undefined,
): Promise<ConsumerProcess> {
  const program = join(process.cwd(), 'backends/events/conformance-consumer.ts');
  const child = spawn(process.execPath, [program, url, group, String(concurrency)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const ended = once(child, 'exit');
  const lines: ConsumerLine[] = [];
  const reading = createInterface(child.stdout);
  reading.on('line', (text) => {
    const line = JSON.parse(text) as ConsumerLine;
    lines.push(line);
    onLine(line);
  });
  const says = async (isLike: (line: ConsumerLine) => boolean): Promise<void> => {
    while (!lines.some(isLike)) {
      const next = await Promise.race([once(reading, 'line'), ended.then(() => undefined)]);
      if (next === undefined && !lines.some(isLike)) throw new Error(`the consumer ended:\n${complaints}`);
    }
  };
  await says(({ ready }) => ready === true);
  return {
    lines,
    says,
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
