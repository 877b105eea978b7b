/** What it costs to look at an execution, however large it is: one small report, and every task run by pages. */
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import type { Json } from '../../dsl/json.ts';
import {
  operationQueries,
  type StatusReport,
  type TaskPage,
  type TaskRun,
  type TasksRequest,
} from '../../workflows/contract.ts';
import { startDefinitionService, type DefinitionService } from './definition-service.ts';
import { runsOf } from './runs.ts';
import { bad, pause, reports, statusOf, waits } from './undoing.ts';

const root = join(__dirname, '../..');
let service: DefinitionService;

beforeAll(async () => {
  service = await startDefinitionService(root, []);
}, 120_000);

afterAll(() => service?.close());

const maxBytes = 256 * 1_024;
const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** The report as it is, within its bounds. */
async function told(handle: WorkflowHandle): Promise<StatusReport> {
  const report = await statusOf(handle);
  expect(bytes(report)).toBeLessThanOrEqual(maxBytes);
  return report;
}

/** Every page of every run, latest first: as a caller goes through them. */
async function allPages(id: string, limit: number): Promise<readonly TaskRun[]> {
  const found: TaskRun[] = [];
  for (const runId of (await runsOf(service.client, id)).toReversed()) {
    const handle = service.client.workflow.getHandle(id, runId);
    for (let before: number | undefined; ;) {
      const request: TasksRequest = { limit, ...(before === undefined ? {} : { before }) };
      const page = await handle.query<TaskPage, [TasksRequest]>(operationQueries.tasks, request);
      expect(bytes(page)).toBeLessThanOrEqual(maxBytes);
      found.unshift(...page.tasks);
      before = page.tasks[0]?.seq ?? 0;
      if (before <= page.firstSeq) break;
    }
  }
  return found;
}

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);
const seqs = (tasks: readonly TaskRun[]): readonly number[] => tasks.map(({ seq }) => seq);

test.each([
  ['branch', 1_001],
  ['a branch with a name that takes more room than all of its siblings can have together '.repeat(10), 20],
])(
  'a fork of 1,000 branches under way: %#',
  async (name, listed) => {
    const branches = upTo(1_000).map((n) => `{ '${name}${n}': { wait: PT1H } }`);
    const handle = await service.start(`do: [{ all: { fork: { branches: [${branches.join(', ')}] } } }]`, {
      text: 'x'.repeat(900),
    });
    // The last one begins in a workflow task of its own, when all others wait already.
    const begun = (report: StatusReport): boolean => report.tasks.length + report.omittedTasks === 1_001;
    await reports('all branches', handle, begun);
    const { tasks } = await told(handle);
    expect(tasks.length).toBeGreaterThanOrEqual(listed);
    expect(seqs(await allPages(handle.workflowId, 1_000))).toEqual(upTo(1_001));
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow();
    await told(handle);
  },
  60_000,
);

test('500 task runs with large data are listed without most of it, and the latest have it', async () => {
  const data = `set: '\${ "x" * 1000 }'`;
  const tasks = upTo(500).map((n) => `{ 'a task with a name that is not short, number ${n}': { ${data} } }`);
  const { report } = await service.ended(await service.start(`do: [${tasks.join(', ')}]`, {}));
  expect(bytes(report)).toBeLessThanOrEqual(maxBytes);
  expect(seqs(report.tasks)).toEqual(upTo(500));
  expect(report.tasks.at(-1)).toMatchObject({ input: 'x'.repeat(1_000), output: 'x'.repeat(1_000) });
  expect(report.tasks[0]).not.toHaveProperty('output');
}, 60_000);

test.each<[string, Json, boolean]>([
  ['1,024 bytes', 'x'.repeat(1_022), true],
  ['1,025 bytes', 'x'.repeat(1_023), false],
  ['1,024 bytes in 512 characters', 'é'.repeat(511), true],
  ['1,025 bytes in 683 characters', `x${'€'.repeat(341)}`, false],
  ['an object of 1,024 bytes', { a: [1, 2, 3], b: 'x'.repeat(1_024 - 20) }, true],
  ['an object of 1,025 bytes', { a: [1, 2, 3], b: 'x'.repeat(1_025 - 20) }, false],
])('input and output of %s', async (_what, data, isTold) => {
  expect(bytes(data) <= 1_024).toBe(isTold);
  const { report } = await service.ended(await service.start(`do: [{ same: { set: '\${ . }' } }]`, data));
  const [task] = report.tasks;
  expect([task?.input, task?.output]).toEqual(isTold ? [data, data] : [undefined, undefined]);
});

test('an error as long as errors can be', async () => {
  const long = `'\${ "\\u0001" * 100000 }'`;
  const body = `do: [{ many: { for: { in: '\${ [range(600)] }' }, do: [{ one: { set: { n: 1 } } }] } }, { fail: { raise: { error: { type: 'https://x.test/bad', status: 500, title: ${long}, detail: ${long}, instance: ${long} } } } }]`;
  const { report } = await service.ended(await service.start(body, {}));
  expect(bytes(report)).toBeLessThanOrEqual(maxBytes);
  expect(report.error?.detail).toBe(`${'\u0001'.repeat(9_999)}…`);
  expect(report.tasks.map(({ name }) => name)).toEqual(['many', 'fail']);
}, 60_000);

test('thousands of compensations, of which hundreds fail with long errors', async () => {
  const fail = `{ fail: { if: '\${ $item % 5 == 0 }', raise: { error: { type: 'https://x.test/stays', status: 500, detail: '\${ "long " * 2000 }' } } } }`;
  const step = `{ one: { set: { n: '\${ $item }' }, metadata: { compensate: [{ undo: { set: { n: 1 } } }] } } }`;
  const handle = await service.start(
    `do: [{ many: { for: { in: '\${ [range(2000)] }' }, do: [${step}] } }, ${pause}]`,
    {},
  );
  await waits(handle);
  const { compensations = [], omittedCompensations = 0 } = await told(handle);
  expect([compensations.length, omittedCompensations]).toEqual([200, 1_800]);
  await handle.terminate();

  // Five attempts of each would take minutes: these fail in a loop of their own, all at once.
  const undone = `{ one: { set: { n: '\${ $item }' }, metadata: { compensate: [${fail}] } } }`;
  const failing = await service.start(
    `do: [{ many: { for: { in: '\${ [range(20)] }' }, do: [${undone}] } }, ${bad}]`,
    {},
  );
  const report = await reports('an undoing that failed', failing, ({ compensations: all = [] }) =>
    all.some(({ error }) => error !== undefined),
  );
  expect(bytes(report)).toBeLessThanOrEqual(maxBytes);
  await failing.terminate();
}, 60_000);

describe('loops', () => {
  test('iterations that ended are counted, not listed, and found by pages', async () => {
    const inner = `{ inner: { for: { each: y, in: '\${ [1, 2] }' }, do: [{ add: { set: { n: '\${ .n + 1 }' } } }] } }`;
    const body = `do: [{ first: { set: { n: 0 } } }, { outer: { for: { each: x, in: '\${ [range(800)] }' }, do: [${inner}] } }]`;
    const { output, report, id } = await service.ended(await service.start(body, {}));
    expect(output).toEqual({ n: 1_600 });
    expect(report.tasks).toMatchObject([{ name: 'first' }, { name: 'outer', iterations: 800 }]);
    expect(report.omittedTasks).toBe(2_400);
    const tasks = await allPages(id, 1_000);
    expect(seqs(tasks)).toEqual(upTo(2_402));
    expect(tasks.filter(({ name }) => name === 'inner').every(({ iterations }) => iterations === 2)).toBe(
      true,
    );
  }, 60_000);

  test('what is under way in one is listed', async () => {
    const body = `do: [{ outer: { for: { in: '\${ [range(3)] }' }, do: [{ quick: { set: { n: 1 } } }, { slow: { if: '\${ $index == 2 }', wait: PT1H } }] } }]`;
    const handle = await service.start(body, {});
    await waits(handle);
    expect((await told(handle)).tasks).toMatchObject([
      { name: 'outer', iterations: 2 },
      { name: 'quick', seq: 6 },
      { name: 'slow', seq: 7, status: 'waiting' },
    ]);
    await handle.terminate();
  }, 60_000);
});

describe('over many runs', () => {
  const nap = `{ nap: { wait: { milliseconds: 5 } } }`;
  const shapes: readonly (readonly [string, string])[] = [
    [
      'loops in branches',
      `do: [{ both: { fork: { branches: [
        { left: { for: { in: '\${ [range(12)] }' }, do: [${nap}, { add: { set: { n: 1 } } }] } },
        { right: { do: [{ loop: { for: { in: '\${ [range(6)] }' }, do: [${nap}, { inner: { for: { in: '\${ [1, 2] }' }, do: [${nap}] } }] } }] } } ] } } }, { last: { set: { n: 2 } } }]`,
    ],
    [
      'retries, functions and extensions',
      `use: { functions: { twice: { do: [${nap}, { again: { wait: { milliseconds: 5 } } }] } }, extensions: [{ watch: { extend: set, before: [{ look: { wait: { milliseconds: 5 } } }] } }] }
do: [{ risky: { try: [${nap}, { one: { call: twice } }, { check: { set: { n: 1 } } }, { fail: { raise: { error: { type: 'https://x.test/bad', status: 500 } } } }], catch: { retry: { delay: { milliseconds: 5 }, limit: { attempt: { count: 4 } } }, do: [${nap}] } } }, { skipped: { if: '\${ false }', set: { n: 1 } } }]`,
    ],
  ];

  test.each(shapes)(
    'each task run is found once, in order: %s',
    async (_shape, body) => {
      const { report, error, id } = await service.ended(
        await service.start(body, {}, { historyEvents: 25, listedTasks: 5 }),
      );
      expect(error).toBeUndefined();
      expect((await runsOf(service.client, id)).length).toBeGreaterThan(3);
      const last = report.tasks.at(-1)?.seq ?? 0;
      expect(report.tasks.length + report.omittedTasks).toBe(last);
      for (const limit of [3, 1_000]) {
        const tasks = await allPages(id, limit);
        expect(seqs(tasks)).toEqual(upTo(last));
        expect(tasks.at(-1)).toMatchObject({ reference: report.tasks.at(-1)?.reference });
      }
    },
    60_000,
  );

  test('a loop that goes on in a later run counts the iterations of all', async () => {
    const body = `do: [{ loop: { for: { in: '\${ [range(20)] }' }, do: [${nap}] } }, ${pause}]`;
    const handle = await service.start(body, {}, { historyEvents: 25 });
    await reports('the end of the loop', handle, ({ tasks }) => tasks.some(({ name }) => name === 'pause'));
    const runs = await runsOf(service.client, handle.workflowId);
    const counts: (number | undefined)[] = [];
    for (const runId of runs) {
      const { tasks } = await statusOf(service.client.workflow.getHandle(handle.workflowId, runId));
      counts.push(...tasks.flatMap(({ name, iterations }) => (name === 'loop' ? [iterations] : [])));
    }
    const [first, ...others] = counts;
    expect(first).toBeGreaterThan(0);
    expect(others).toEqual(others.toSorted((left = 0, right = 0) => left - right));
    expect(others.at(-1)).toBe(20);
    await handle.terminate();
  }, 60_000);
});
