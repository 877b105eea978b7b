/** Every attempt of the table wins as a plain program, and gets nothing in the sandbox, where it is over in 3 s. */
import assert from 'node:assert/strict';
import { attempts } from '../processes/attempts.ts';
import type { Attempt } from '../processes/attempts.ts';
import { setOutCanaries } from '../processes/canaries.ts';
import type { Canaries } from '../processes/canaries.ts';
import { runControl } from '../processes/control.ts';
import { openProcessRunner } from '../processes/run-process.ts';
import type { ProcessRunner } from '../processes/run-process.ts';
import { bubblewrap, ensureTools, python } from './packages.ts';

/** How long an attempt may last in the sandbox, and how long the control of one that never ends is watched. */
const overInMs = 3_000;

/** Within what an attempt runs: its task's timeout, and the settings under `run`. */
const timeoutMs = 2_000;
const settings = {
  pythonCommand: '/usr/bin/python3',
  limits: {
    cpuSeconds: 1,
    memoryBytes: 67_108_864,
    outputBytes: 1_000_000,
    fileBytes: 16_777_216,
    processes: 32,
  },
};

interface Tried {
  readonly attempt: Attempt;
  readonly control: readonly string[];
  readonly breaches: readonly string[];
  readonly ms: number;
  readonly end: string;
}

export async function checkSandbox(root: string): Promise<void> {
  await ensureTools([bubblewrap, python]);
  const runner = openProcessRunner(root, settings);
  await checkStreams(runner);
  const canaries = await setOutCanaries();
  Object.assign(process.env, canaries.environment);
  const results: Tried[] = [];
  try {
    for (const attempt of attempts) {
      const tried = await tryOut(attempt, canaries, runner);
      results.push(tried);
      const { control, breaches, ms, end } = tried;
      const name = `${attempt.language}: ${attempt.name}`.padEnd(60);
      const got = breaches.length === 0 ? 'held' : `BREACHED (${breaches.join(', ')})`;
      console.log(`  ${name} alone: ${control.join(', ') || 'NOTHING'}; sandbox: ${got}, ${ms} ms, ${end}`);
    }
  } finally {
    await runner.close();
    await canaries.close();
  }
  const slowest = Math.max(...results.map(({ ms }) => ms));
  console.log(`  ${results.length} attempts, the longest ${slowest} ms in the sandbox`);
  const failed = results.filter(
    ({ control, breaches, ms }) => control.length === 0 || breaches.length > 0 || ms >= overInMs,
  );
  assert.deepEqual(failed, [], 'every attempt must win as a control, and be held within 3 s in the sandbox');
  assert.ok(results.length >= 40);
}

/** What Python and a shell are given reaches them, and comes back. */
async function checkStreams(runner: ProcessRunner): Promise<void> {
  const given = { stdin: 'Hello', arguments: ['Foo', 'Bar baz'], environment: { NAME: 'Ada' } };
  // The specification's example, and the ways of shells to name their streams.
  const command =
    'input=$(cat /dev/stdin)\necho "STDIN was: $input"\necho "$1 $2 $NAME"\necho oops > /dev/stderr\nexit 3\n';
  assert.deepEqual(await runner.run('shell', { ...given, command }), {
    output: { code: 3, stdout: 'STDIN was: Hello\nFoo Bar baz Ada\n', stderr: 'oops\n' },
  });
  const code =
    'import os, sys\nprint(sys.stdin.read(), sys.argv[1:], os.environ["NAME"], "ü")\nsys.exit("oops")';
  assert.deepEqual(await runner.run('script', { ...given, language: 'python', code }), {
    output: { code: 1, stdout: "Hello ['Foo', 'Bar baz'] Ada ü\n", stderr: 'oops\n' },
  });
}

async function tryOut(attempt: Attempt, canaries: Canaries, runner: ProcessRunner): Promise<Tried> {
  const { targets, environment } = canaries;
  const { printed, stillRunning } = await runControl(attempt, targets, environment, overInMs);
  const won = await canaries.breaches(printed);
  const control = attempt.runaway && stillRunning ? [...won, 'still runs after 3 s'] : won;

  const code = attempt.code(canaries.targets);
  const start = performance.now();
  const outcome =
    attempt.language === 'shell'
      ? await runner.run('shell', { command: code }, { timeoutMs })
      : await runner.run('script', { language: attempt.language, code }, { timeoutMs });
  const ms = Math.round(performance.now() - start);
  const breaches = await canaries.breaches(JSON.stringify(outcome));
  const end = 'error' in outcome ? (outcome.error.title ?? '') : 'ended by itself';
  return { attempt, control, breaches, ms, end };
}
