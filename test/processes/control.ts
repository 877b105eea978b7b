import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Attempt, Targets } from './attempts.ts';
import { endGroup } from './canaries.ts';

export interface ControlResult {
  readonly printed: string;
  /** It had not ended by itself when its time was over. */
  readonly stillRunning: boolean;
}

/** Bounds for the controls alone: they shall win, not hurt. */
const bounds = 'ulimit -t 10; exec "$@"';
const printsAtMost = 5_000_000;

/** Runs an attempt as a plain program with the worker's own rights, for `ms` at most. */
export async function runControl(
  attempt: Attempt,
  targets: Targets,
  environment: Readonly<Record<string, string>>,
  ms: number,
): Promise<ControlResult> {
  const folder = await mkdtemp(join(tmpdir(), 'perdure-control-'));
  const file = join(folder, attempt.language === 'js' ? 'script.mjs' : 'script');
  await writeFile(file, attempt.code(targets));
  const child = spawn('/bin/sh', ['-c', bounds, 'control', ...commandOf(attempt, file)], {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let printed = '';
  const collect = (chunk: Buffer): void => {
    printed += chunk.toString();
    if (printed.length > printsAtMost) endGroup(child.pid ?? 0);
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  let stillRunning = false;
  const timer = setTimeout(() => {
    stillRunning = true;
    endGroup(child.pid ?? 0);
  }, ms);
  await once(child, 'exit');
  clearTimeout(timer);
  // What the attempt left in the background is the canaries' to find.
  await new Promise((resolve) => setTimeout(resolve, 100));
  child.stdout.destroy();
  child.stderr.destroy();
  await rm(folder, { recursive: true, force: true });
  return { printed, stillRunning };
}

const inContext = `
  const code = require('node:fs').readFileSync(process.argv[1], 'utf8');
  require('node:vm').runInNewContext(code, { console });`;

function commandOf({ language, control }: Attempt, file: string): string[] {
  if (language === 'python') return ['python3', file];
  if (language === 'shell') return ['/bin/sh', file];
  return control === 'vm' ? [process.execPath, '-e', inContext, file] : [process.execPath, file];
}
