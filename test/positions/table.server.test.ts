/**
 * Operations over positions: each one at every task type, by itself and inside of others. What an execution gives is what
 * it would have given undisturbed, and every history replays.
 */
import { join } from 'node:path';
import { Worker } from '@temporalio/worker';
import { workflowCode } from '../../testing/workflow-code.ts';
import type { Row } from './definitions.ts';
import { nestings } from './nestings.ts';
import { continueAsNew } from './operations/continue-as-new.ts';
import { suspendAndResume } from './operations/suspend.ts';
import { undisturbed } from './operations/undisturbed.ts';
import { startStage, type Stage } from './stage.ts';
import { subjects } from './subjects.ts';
import { createTable } from './table.ts';

const root = join(__dirname, '../..');
const operations = [undisturbed, suspendAndResume, continueAsNew];
const rows: readonly Row[] = nestings.flatMap((nesting) => subjects.map((subject) => ({ subject, nesting })));
const table = createTable(
  operations.flatMap(({ columns }) => columns),
  rows,
);
let stage: Stage;

beforeAll(async () => {
  stage = await startStage(root);
}, 120_000);

afterAll(async () => {
  process.stdout.write(`${table.text()}\n`);
  await stage?.close();
}, 60_000);

test.each(operations.map((operation) => [operation.columns.join(' and '), operation] as const))(
  '%s',
  async (_name, operation) => {
    const failures: string[] = [];
    await operation.run(stage, rows, (column, row, mark) => {
      table.fill(column, row, mark);
      if (mark !== 'ok' && 'failed' in mark)
        failures.push(`${column} × ${row.subject.name} × ${row.nesting.name}: ${mark.failed}`);
    });
    if (failures.length > 0) throw new Error(failures.join('\n\n'));
  },
  300_000,
);

test('no cell is empty', () => {
  expect(table.empty()).toEqual([]);
});

test('every history replays', async () => {
  const workflowBundle = await workflowCode({ root });
  const histories = stage.service.client.workflow.list().intoHistories({ concurrency: 4 });
  const failures: string[] = [];
  let replayed = 0;
  for await (const { workflowId, runId, error } of Worker.runReplayHistories({ workflowBundle }, histories)) {
    replayed += 1;
    if (error !== undefined) failures.push(`${workflowId} ${runId}: ${error.message}`);
  }
  expect(failures).toEqual([]);
  expect(replayed).toBeGreaterThan(operations.length * rows.length);
}, 300_000);
