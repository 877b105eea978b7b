/**
 * Operations over positions: each one at every task type, by itself and inside of others. What an execution gives is what
 * it would have given undisturbed, and every history replays.
 */
import { join } from 'node:path';
import type { Row } from './definitions.ts';
import { nestings } from './nestings.ts';
import { cancel } from './operations/cancel.ts';
import { continueAsNew } from './operations/continue-as-new.ts';
import { migrate } from './operations/migrate.ts';
import type { Operation } from './operations/operation.ts';
import { retryWithInput } from './operations/retry-with-input.ts';
import { retryAsNewRun, retryInPlace } from './operations/retry.ts';
import { startAt } from './operations/start-at.ts';
import { suspendAndResume } from './operations/suspend.ts';
import { undisturbed } from './operations/undisturbed.ts';
import { workerKilled } from './operations/worker-killed.ts';
import { replayAll } from './replay-all.ts';
import { startStage, type Stage } from './stage.ts';
import { subjects } from './subjects.ts';
import { createTable } from './table.ts';

const root = join(__dirname, '../..');
const disturbances: readonly Operation[] = [
  workerKilled,
  suspendAndResume,
  continueAsNew,
  retryInPlace,
  retryAsNewRun,
  retryWithInput,
  migrate,
  startAt,
  cancel,
];
const operations = [undisturbed, ...disturbances];
const rows: readonly Row[] = nestings.flatMap((nesting) => subjects.map((subject) => ({ subject, nesting })));
const table = createTable(
  operations.flatMap(({ columns }) => columns),
  rows,
);
let stage: Stage;
let running: ReadonlyMap<Operation, Promise<readonly string[]>> | undefined;

beforeAll(async () => {
  stage = await startStage(root);
}, 120_000);

afterAll(async () => {
  process.stdout.write(`${table.text()}\n`);
  await stage?.close();
}, 60_000);

/** Fills the cells of an operation, and gives what failed. */
async function fill(operation: Operation): Promise<readonly string[]> {
  const failures: string[] = [];
  // Time that waits for nobody is best waited for beside everything else.
  const waitFirst = rows.toSorted((left, right) => Number(waits(right)) - Number(waits(left)));
  await operation.run(stage, waitFirst, (column, row, mark) => {
    table.fill(column, row, mark);
    if (mark !== 'ok' && 'failed' in mark)
      failures.push(`${column} × ${row.subject.name} × ${row.nesting.name}: ${mark.failed}`);
  });
  return failures;
}

const waits = ({ subject }: Row): boolean => subject.name === 'wait';

test('undisturbed', async () => {
  expect(await fill(undisturbed)).toEqual([]);
}, 300_000);

test.each(disturbances.map((operation) => [operation.columns.join(' and '), operation] as const))(
  '%s',
  async (_name, operation) => {
    // All of them side by side: most of the time they wait for heartbeats and timers.
    running ??= new Map(disturbances.map((each) => [each, fill(each)]));
    expect(await running.get(operation)).toEqual([]);
  },
  600_000,
);

test('no cell is empty', () => {
  expect(table.empty()).toEqual([]);
});

test('every history replays', async () => {
  const { replayed, failures } = await replayAll(stage);
  expect(failures).toEqual([]);
  expect(replayed).toBeGreaterThan(operations.length * rows.length);
}, 600_000);
