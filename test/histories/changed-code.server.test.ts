/** A change of workflow code that running executions would not survive makes the replay of their histories fail. */
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorkflows } from '../../workers/bundle.ts';
import { outcomeLines, replayDirectory } from '../../workers/replay.ts';
import { silenceSdk } from '../../workers/runtime.ts';
import { runtimeVersion } from '../../workflows/contract.ts';

const root = join(__dirname, '../..');
const recorded = join(__dirname, runtimeVersion);
let folder: string;

beforeAll(async () => {
  silenceSdk();
  folder = await mkdtemp(join(tmpdir(), 'perdure-changed-'));
  for (const part of ['dsl', 'workflows', 'tsconfig.json', 'package.json']) {
    await cp(join(root, part), join(folder, part), { recursive: true });
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the replay of every recorded history says once a file is changed. */
async function replayWith(file: string, before: string, then: string): Promise<Record<string, string>> {
  const path = join(folder, file);
  const source = await readFile(path, 'utf8');
  expect(source).toContain(before);
  await writeFile(path, source.replace(before, then));
  try {
    const code = await bundleWorkflows(folder);
    const failures: Record<string, string> = {};
    for await (const outcome of replayDirectory(recorded, { code })) {
      if (outcome.failure !== undefined) failures[outcome.name] = outcomeLines(outcome);
    }
    return failures;
  } finally {
    await writeFile(path, source);
  }
}

const named = (failures: Record<string, string>, file: string): string =>
  Object.entries(failures).find(([name]) => name.endsWith(file))?.[1] ?? 'replayed';

test('a change that no history can see replays everything', async () => {
  expect(await replayWith('workflows/contract.ts', "'0.1.0'", "'0.1.1'")).toEqual({});
}, 120_000);

test('a saga whose steps change places does not replay, and the first diverging task is named', async () => {
  const failures = await replayWith('workflows/order-saga.ts', 'reserveStock(', 'chargePayment(');
  expect(named(failures, 'order-saga.json')).toContain('reserveStock');
  expect(named(failures, 'loan-decision.json')).toBe('replayed');
}, 120_000);

test('an engine that waits where it did not makes histories with calls fail, at a task that is named', async () => {
  const failures = await replayWith(
    'workflows/engine/call-activity.ts',
    'await run.execution.pacing.admit(size);',
    'await run.sleepUntil(Date.now() + 1_000);',
  );
  expect(named(failures, 'order-fulfilment.json')).toContain('registerOrder');
  expect(named(failures, 'long-pure-loop.json')).toBe('replayed');
}, 120_000);
