/** Whatever ends a task early ends what it has at work outside too: in the run that began it, and in a later one. */
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { operationUpdates } from '../../workflows/contract.ts';
import { startWorkshop, type Workshop } from './at-work.ts';
import { endRun, goOnInNextRun } from './runs.ts';
import { cancelled, pause, reports } from './undoing.ts';

const root = join(__dirname, '../..');
let workshop: Workshop;

beforeAll(async () => {
  workshop = await startWorkshop(root);
}, 120_000);

afterAll(() => workshop?.close());

const start = (body: string): Promise<WorkflowHandle> => workshop.service.start(body, {});

/** The execution goes on behind what ended: so what is gone is gone by that, and not by the execution's own end. */
async function goesOn(handle: WorkflowHandle): Promise<void> {
  await reports('what comes next', handle, ({ tasks }) => tasks.some(({ name }) => name === 'next'));
  await workshop.untilNothing();
  expect((await handle.describe()).status.name).toBe('RUNNING');
  await handle.cancel();
  await cancelled(handle);
}

const next = `{ next: { wait: PT1H } }`;
const risky = (task: string): string =>
  `do: [{ risky: { try: [${task}], catch: { do: [{ caught: { set: { n: 1 } } }] } } }, ${next}]`;

describe('in the run that began it', () => {
  test('a cancellation', async () => {
    const { all } = workshop;
    const handle = await start(`do: [{ all: { fork: { branches: [${all.branches}] } } }]`);
    await workshop.untilAtWork(handle, all);
    await handle.cancel();
    await cancelled(handle);
    await workshop.untilNothing();
  }, 90_000);

  test('a timeout', async () => {
    const { all } = workshop;
    const handle = await start(
      risky(`{ all: { timeout: { after: PT12S }, fork: { branches: [${all.branches}] } } }`),
    );
    await workshop.untilAtWork(handle, all);
    await goesOn(handle);
  }, 90_000);

  test('the fault of another branch', async () => {
    const { all, gate } = workshop;
    const handle = await start(risky(`{ all: { fork: { branches: [${gate}, ${all.branches}] } } }`));
    await workshop.untilAtWork(handle, all, 1);
    workshop.openGate(500);
    await goesOn(handle);
  }, 90_000);

  test('a branch that wins the race', async () => {
    const { all, gate } = workshop;
    const body = `do: [{ all: { fork: { compete: true, branches: [${all.branches}, ${gate}] } } }, ${next}]`;
    const handle = await start(body);
    await workshop.untilAtWork(handle, all, 1);
    workshop.openGate();
    await goesOn(handle);
  }, 90_000);
});

describe('in a later run', () => {
  const nested = (kinds: string): string =>
    `do: [{ outer: { do: [{ each: { for: { in: '\${ [1] }' }, do: [{ all: { fork: { branches: [${kinds}] } } }] } }] } }, ${pause}]`;

  test('a cancellation', async () => {
    const { lasting } = workshop;
    const body = nested(lasting.branches);
    const handle = await start(body);
    await workshop.untilAtWork(handle, lasting);
    await goOnInNextRun(handle, body);
    await goOnInNextRun(handle, body);
    await handle.cancel();
    await cancelled(workshop.service.client.workflow.getHandle(handle.workflowId));
    await workshop.untilNothing();
  }, 90_000);

  test('a cancellation while the execution is suspended', async () => {
    const { lasting } = workshop;
    const body = nested(lasting.branches);
    const handle = await start(body);
    await workshop.untilAtWork(handle, lasting);
    await handle.executeUpdate(operationUpdates.suspend);
    await goOnInNextRun(handle, body);
    await handle.cancel();
    await cancelled(workshop.service.client.workflow.getHandle(handle.workflowId));
    await workshop.untilNothing();
  }, 90_000);

  test('a timeout', async () => {
    const { lasting } = workshop;
    const body = risky(
      `{ timed: { timeout: { after: PT12S }, do: [{ all: { fork: { branches: [${lasting.branches}] } } }] } }`,
    );
    const handle = await start(body);
    await workshop.untilAtWork(handle, lasting);
    await goOnInNextRun(handle, body);
    await goesOn(workshop.service.client.workflow.getHandle(handle.workflowId));
  }, 90_000);
});

describe('when a run is about to end', () => {
  test('the fault of a branch for which it waits', async () => {
    const { lasting, gate } = workshop;
    const body = risky(`{ all: { fork: { branches: [${gate}, ${lasting.branches}] } } }`);
    const handle = await start(body);
    await workshop.untilAtWork(handle, lasting, 1);
    await endRun(handle, body);
    workshop.openGate(500);
    await goesOn(workshop.service.client.workflow.getHandle(handle.workflowId));
  }, 90_000);

  test('a branch that wins the race at last', async () => {
    const { lasting, gate } = workshop;
    const body = `do: [{ all: { fork: { compete: true, branches: [${lasting.branches}, ${gate}] } } }, ${next}]`;
    const handle = await start(body);
    await workshop.untilAtWork(handle, lasting, 1);
    await endRun(handle, body);
    workshop.openGate();
    await goesOn(workshop.service.client.workflow.getHandle(handle.workflowId));
  }, 90_000);

  test('a cancellation before the last branch has stopped', async () => {
    const { lasting, gate } = workshop;
    const body = `do: [{ all: { fork: { branches: [${lasting.branches}, ${gate}] } } }]`;
    const handle = await start(body);
    await workshop.untilAtWork(handle, lasting, 1);
    await endRun(handle, body);
    await handle.cancel();
    await cancelled(workshop.service.client.workflow.getHandle(handle.workflowId));
    await workshop.untilNothing();
  }, 90_000);
});
