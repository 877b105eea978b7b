/** What a person does to an execution under way, on the engine alone: the API in front of it has tests of its own. */
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import type { Json } from '../../dsl/json.ts';
import type { Definition } from '../../dsl/types.ts';
import { startPartner, type Partner, type PartnerRequest } from '../../testing/partner.ts';
import { eventually } from '../service-process.ts';
import { listening } from './events-under-test.ts';
import {
  eventSignal,
  operationQueries,
  operationUpdates,
  statusQuery,
  type MigrationPlan,
  type OperationAnswer,
  type RetryPlan,
  type StartAt,
  type StatusReport,
} from '../../workflows/contract.ts';
import { startDefinitionService, type DefinitionService } from './definition-service.ts';

const root = join(__dirname, '../..');
let partner: Partner;
let service: DefinitionService;

beforeAll(async () => {
  partner = await startPartner({});
  service = await startDefinitionService(root, [new URL(partner.url).host]);
}, 120_000);

afterAll(async () => {
  await service?.close();
  await partner?.close();
});

let before = 0;
/** What came since the test began. */
const log = (): readonly PartnerRequest[] => partner.requests().slice(before);
const paths = (): readonly string[] => log().map(({ path }) => path);
const keys = (): readonly (string | undefined)[] => log().map(({ headers }) => headers['idempotency-key']);

beforeEach(() => {
  before = partner.requests().length;
  for (const path of [
    'first',
    'after',
    'late',
    'new',
    'last',
    'a',
    'b',
    'broken',
    'undo-a',
    'undo-b',
    'undo-c',
  ])
    partner.answer(`POST /${path}`, path === 'broken' ? { status: 500 } : { body: { path: `/${path}` } });
});

const mend = (): void => partner.answer('POST /broken', { body: { path: '/broken' } });

const call = (path: string): string =>
  `call: http, with: { method: post, endpoint: '${partner.url}/${path}', body: '\${ . }' }, output: { as: .path }`;
const status = (handle: WorkflowHandle): Promise<StatusReport> => handle.query<StatusReport>(statusQuery);
const suspend = (handle: WorkflowHandle): Promise<OperationAnswer> =>
  handle.executeUpdate<OperationAnswer, []>(operationUpdates.suspend);
const resume = (handle: WorkflowHandle): Promise<OperationAnswer> =>
  handle.executeUpdate<OperationAnswer, []>(operationUpdates.resume);
const has = (handle: WorkflowHandle, wanted: StatusReport['status']): Promise<true> =>
  eventually(`the status ${wanted}`, async () =>
    (await status(handle)).status === wanted ? true : undefined,
  );

const version = (handle: WorkflowHandle, number: string, body: string): Definition =>
  service.checked({ namespace: 'test', name: handle.workflowId, version: number }, body);

test('a suspended execution begins nothing, and goes on when it is resumed', async () => {
  const handle = await service.start(
    `do: [{ pause: { wait: { milliseconds: 1500 } } }, { ask: { ${call('after')} } }]`,
    {},
  );
  expect(await suspend(handle)).toEqual({ status: 'suspended' });
  expect(await suspend(handle)).toEqual({ status: 'suspended' });
  await service.pass(3_000);
  expect((await status(handle)).status).toBe('suspended');
  expect(log()).toEqual([]);
  await resume(handle);
  expect((await service.ended(handle)).output).toBe('/after');
}, 30_000);

test('a timeout that strikes while the execution is suspended does so at resume, before anything begins', async () => {
  const handle = await service.start(
    `do: [{ timed: { timeout: { after: { seconds: 4 } }, do: [{ pause: { wait: { seconds: 3 } } }, { ask: { ${call('late')} } }] } }]`,
    {},
  );
  await has(handle, 'waiting');
  await suspend(handle);
  await service.pass(5_000);
  expect((await status(handle)).status).toBe('suspended');
  await resume(handle);
  expect((await service.ended(handle)).error).toMatchObject({ status: 408, instance: '/do/0/timed' });
  expect(log()).toEqual([]);
}, 30_000);

test('a held execution is retried in place: with the same key, and with another one on edited input', async () => {
  const body = (asked: string): string =>
    `do: [{ first: { ${call('first')} } }, { second: { ${asked}, input: { schema: { document: { type: string } } } } }]`;
  const hold = 'metadata: { onFault: hold }';
  const handle = await service.start(body(call('broken')), 'a', {}, undefined, hold);
  await has(handle, 'faulted');
  expect(await status(handle)).toMatchObject({ held: true, error: { status: 500 } });
  await handle.executeUpdate(operationUpdates.retry, { args: [{}] });
  await eventually('a second call', async () => (log().length === 3 ? true : undefined));
  await has(handle, 'faulted');
  await expect(handle.executeUpdate(operationUpdates.retry, { args: [{ input: 7 }] })).rejects.toMatchObject({
    cause: { type: 'perdure/invalid-input' },
  });
  mend();
  await handle.executeUpdate(operationUpdates.retry, { args: [{ input: 'edited' }] });
  const ended = await service.ended(handle);
  expect(ended.output).toBe('/broken');
  const [, failed, again, edited] = keys();
  expect(again).toBe(failed);
  expect(edited).not.toBe(failed);
  expect(log().map(({ body: sent }) => sent)).toEqual(['a', '/first', '/first', 'edited']);
}, 60_000);

test('a closed execution is retried as a new run from the failed task', async () => {
  const handle = await service.start(
    `do: [{ first: { ${call('first')} } }, { second: { ${call('broken')} } }]`,
    'a',
  );
  expect((await service.ended(handle)).error).toMatchObject({ status: 500 });
  const plan = await handle.query<RetryPlan, [object]>(operationQueries.retryPlan, {});
  if (!plan.possible || plan.start === undefined) throw new Error(JSON.stringify(plan));
  expect(plan).toMatchObject({ inPlace: false, task: { reference: '/do/1/second', input: '/first' } });
  mend();
  const again = await service.startAgain(handle, plan.start);
  expect((await service.ended(again)).output).toBe('/broken');
  expect(paths()).toEqual(['/first', '/broken', '/broken']);
  expect(keys()[1]).toBe(keys()[2]);
}, 60_000);

test('an execution goes on with another version from the task on which it stands', async () => {
  const body = (more: string): string =>
    `do: [${more}{ first: { ${call('first')} } }, { pause: { wait: { seconds: 2 } } }, ${more.replace('new', 'next')}{ last: { ${call('last')} } }]`;
  const handle = await service.start(body(''), 'a');
  await has(handle, 'waiting');
  const definition = version(handle, '2.0.0', body(`{ new: { ${call('new')} } }, `));
  const plan = await handle.query<MigrationPlan, [object]>(operationQueries.migrationPlan, { definition });
  expect(plan).toMatchObject({ possible: true, from: '1.0.0', to: '2.0.0', obstacles: [] });
  await handle.executeUpdate(operationUpdates.migrate, { args: [{ definition }] });
  const ended = await service.ended(handle);
  expect(ended.report.workflow.version).toBe('2.0.0');
  expect(paths()).toEqual(['/first', '/new', '/last']);
}, 60_000);

test('a migration is answered, however much comes meanwhile', async () => {
  const body = `do: [{ hear: { listen: { to: { one: { with: { type: test.never } } } } } }]`;
  const handle = await service.start(body, {});
  await listening(handle);
  let isAnswered = false;
  const noise = [1, 2, 3].map(async () => {
    while (!isAnswered) await handle.signal(eventSignal, []);
  });
  try {
    for (const number of ['2.0.0', '3.0.0', '4.0.0']) {
      const definition = version(handle, number, body);
      const plan = await handle.executeUpdate(operationUpdates.migrate, { args: [{ definition }] });
      expect(plan).toMatchObject({ possible: true, to: number });
    }
  } finally {
    isAnswered = true;
    await Promise.all(noise);
    await handle.terminate();
  }
}, 60_000);

test('an execution stays as it is where the other version lacks the task on which it stands', async () => {
  const handle = await service.start(`do: [{ pause: { wait: { seconds: 3 } } }]`, 'a');
  await has(handle, 'waiting');
  const definition = version(handle, '2.0.0', `do: [{ rest: { wait: { seconds: 3 } } }]`);
  await expect(
    handle.executeUpdate(operationUpdates.migrate, { args: [{ definition }] }),
  ).rejects.toMatchObject({
    cause: { type: 'perdure/migration-unsafe', details: [{ obstacles: [{ reference: '/do/0/pause' }] }] },
  });
  expect((await service.ended(handle)).output).toBe('a');
}, 60_000);

test('what was begun is undone in reverse order when the execution faults', async () => {
  const step = (name: string, path: string): string =>
    `{ ${name}: { ${call(path)}, metadata: { compensate: [{ undo: { call: http, with: { method: post, endpoint: '${partner.url}/undo-${name}', body: '\${ { in: $input, out: $output } }' } } }] } } }`;
  const handle = await service.start(
    `do: [${step('a', 'a')}, ${step('b', 'b')}, ${step('c', 'broken')}]`,
    'x',
  );
  const ended = await service.ended(handle);
  expect(ended.error).toMatchObject({ status: 500 });
  expect(paths()).toEqual(['/a', '/b', '/broken', '/undo-c', '/undo-b', '/undo-a']);
  expect(
    log()
      .slice(3)
      .map(({ body: sent }) => sent),
  ).toEqual([
    { in: '/b', out: null },
    { in: '/a', out: '/b' },
    { in: 'x', out: '/a' },
  ]);
  expect(ended.report.compensations?.map(({ status: state }) => state)).toEqual([
    'completed',
    'completed',
    'completed',
  ]);
}, 60_000);

test.each<[string, StartAt, Json]>([
  ['a task in a list', { task: '/do/1/each', data: { n: 5 } }, { n: 8 }],
  [
    'a task in a loop',
    { task: '/do/1/each/do/0/add', data: { n: 5 }, iterations: { '/do/1/each': 2 } },
    { n: 6 },
  ],
])(
  'starts at %s',
  async (_what, startAt, output) => {
    const add = `{ add: { set: { n: '\${ .n + 1 }' } } }`;
    const handle = await service.start(
      `do: [{ first: { set: { n: 100 } } }, { each: { for: { in: '\${ [1, 2, 3] }' }, do: [${add}] } }]`,
      {},
      {},
      undefined,
      '',
      { startAt },
    );
    expect((await service.ended(handle)).output).toEqual(output);
  },
  30_000,
);

/** Makes an execution continue as new where it stands, and waits until it did. */
async function continueAsNew(handle: WorkflowHandle, body: string): Promise<WorkflowHandle> {
  const { runId } = await handle.describe();
  const definition = version(handle, '1.0.1', body);
  await handle.executeUpdate(operationUpdates.migrate, { args: [{ definition }] });
  await eventually('the next run', async () =>
    (await handle.describe()).runId === runId ? undefined : true,
  );
  return service.client.workflow.getHandle(handle.workflowId);
}

test('a run that ends leaves a long script at work, and the next one takes it up', async () => {
  const code = 'const begun = Date.now(); while (Date.now() - begun < 4000); console.log("once")';
  const body = `do: [{ long: { timeout: { after: { minutes: 10 } }, run: { script: { language: js, code: '${code}' } } } }]`;
  const handle = await service.start(body, {});
  await eventually('a child', async () => (await status(handle)).children);
  const ended = await service.ended(await continueAsNew(handle, body));
  expect([ended.output, ended.report.tasks.length]).toEqual(['once\n', 1]);
}, 60_000);

test('a run that ends leaves its child at work, and the next one takes it up; a cancellation reaches it', async () => {
  await service.deploy(
    `{ document: { dsl: '1.0.3', namespace: test, name: below, version: '1.0.0' }, do: [{ long: { wait: { seconds: 4 } } }, { give: { set: { n: 1 } } }] }`,
  );
  const body = `do: [{ child: { run: { workflow: { namespace: test, name: below, version: latest } } } }]`;
  const begin = async (): Promise<WorkflowHandle> => {
    const handle = await service.start(body, {});
    await eventually('a child', async () => (await status(handle)).children);
    return continueAsNew(handle, body);
  };
  const handle = await begin();
  expect((await service.ended(handle)).output).toEqual({ n: 1 });

  const cancelled = await begin();
  const [child] = (await status(cancelled)).children ?? [];
  await cancelled.cancel();
  await expect(cancelled.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  const description = await service.client.workflow.getHandle(child?.workflowId ?? '').describe();
  expect(description.status.name).toBe('CANCELLED');
}, 60_000);
