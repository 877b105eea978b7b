/** The demo as a person runs it, for its tests. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface DemoRun {
  readonly code: number | null;
  /** Everything that it printed. */
  readonly printed: string;
}

/** Runs it to its end with these options. */
export async function runDemo(root: string, options: string): Promise<DemoRun> {
  const args = options === '' ? [] : options.split(' ');
  const child = spawn(process.execPath, [join(root, 'examples/two-services/demo.ts'), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  await once(child, 'close');
  return { code: child.exitCode, printed };
}

/** Fails, with what it printed, unless both services worked, one was killed, and nothing was lost. */
export function expectNothingLost({ code, printed }: DemoRun, killed: string): void {
  const missing = [
    /orders +✔ quote/,
    /orders +✔ reserve/,
    /shipping +✔ dispatch/,
    new RegExp(`kill -9: ${killed} is gone`),
    /shipping +✔ deliver/,
    /orders +✔ close/,
    /Nothing is lost, and nothing was done twice/,
  ].filter((line) => !line.test(printed));
  if (code !== 0 || missing.length > 0)
    throw new Error(`The demo ended with ${code}; it does not show ${missing.join(', ')}:\n${printed}`);
}
