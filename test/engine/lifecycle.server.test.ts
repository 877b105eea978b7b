/** Lifecycle events, as a system that takes them over HTTP gets them. Open Workflow DSL, "Lifecycle Events". */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openHttpSink } from '../../backends/events/http-sink.ts';
import { parseCloudEvent } from '../../dsl/events/cloud-event.ts';
import { jsonSize, type JsonObject } from '../../dsl/json.ts';
import {
  lifecycleKindsOf,
  operationUpdates,
  statusQuery,
  type CloudEvent,
  type LifecycleKind,
  type StatusReport,
} from '../../workflows/contract.ts';
import { eventually } from '../service-process.ts';
import { startEventSink, type EventSink } from '../event-sink.ts';
import { startDefinitionService, type DefinitionService } from './definition-service.ts';
import { anEvent, listening } from './events-under-test.ts';

const root = join(__dirname, '../..');
const all = lifecycleKindsOf('all');

/** What the reference asks for in the data of each; what it calls optional has a question mark. */
const members: Readonly<Record<string, readonly string[]>> = {
  'workflow.started': ['name', 'definition', 'startedAt'],
  'workflow.correlation-started': ['name', 'startedAt'],
  'workflow.correlation-completed': ['name', 'completedAt', 'correlationKeys?'],
  'workflow.suspended': ['name', 'suspendedAt'],
  'workflow.resumed': ['name', 'resumedAt'],
  'workflow.cancelled': ['name', 'cancelledAt'],
  'workflow.faulted': ['name', 'faultedAt', 'error'],
  'workflow.completed': ['name', 'completedAt'],
  'workflow.status-changed': ['name', 'updatedAt', 'status'],
  'task.created': ['workflow', 'task', 'createdAt'],
  'task.started': ['workflow', 'task', 'startedAt'],
  'task.retried': ['workflow', 'task', 'retriedAt'],
  'task.suspended': ['workflow', 'task', 'suspendedAt'],
  'task.resumed': ['workflow', 'task', 'resumedAt'],
  'task.cancelled': ['workflow', 'task', 'cancelledAt'],
  'task.faulted': ['workflow', 'task', 'faultedAt', 'error'],
  'task.completed': ['workflow', 'task', 'completedAt'],
  'task.status-changed': ['workflow', 'task', 'updatedAt', 'status'],
};

let answer: (event: CloudEvent, deliveries: number) => number | undefined = () => undefined;
let sink: EventSink;
let service: DefinitionService;

beforeAll(async () => {
  sink = await startEventSink((event, deliveries) => answer(event, deliveries));
  service = await startDefinitionService(root, [], {}, openHttpSink(sink.url));
}, 120_000);

afterEach(() => {
  answer = () => undefined;
});

afterAll(async () => {
  await service?.close();
  await sink?.close();
});

const eventsOf = (id: string): CloudEvent[] => sink.events.filter(({ subject }) => subject === id);
const dataOf = (event: CloudEvent): JsonObject => event['data'] as JsonObject;
const kindOf = ({ type }: CloudEvent): string =>
  type.replace(/^io\.serverlessworkflow\./, '').replace(/\.v1$/, '');

/** One event as a line: what happened, to which task, and the phase that began. */
function line(event: CloudEvent): string {
  const { task, status } = dataOf(event);
  return [kindOf(event), task, status].filter((part) => typeof part === 'string').join(' ');
}

const linesOf = (id: string): string[] => eventsOf(id).map(line);

/** Everything that holds for each event of any execution. */
function expectWellFormed(id: string): void {
  const events = eventsOf(id);
  expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
  expect(events.map(({ sequence }) => Number(sequence))).toEqual(events.map((_, index) => index + 1));
  for (const event of events) {
    expect(parseCloudEvent(event)).toMatchObject({ ok: true });
    const data = dataOf(event);
    const expected = members[kindOf(event)] ?? [];
    const required = expected.filter((name) => !name.endsWith('?'));
    const known = expected.map((name) => name.replace('?', ''));
    expect(Object.keys(data)).toEqual(expect.arrayContaining(required));
    expect(known).toEqual(expect.arrayContaining(Object.keys(data)));
    expect(data['name'] ?? data['workflow']).toBe(`${id}.test`);
    for (const name of Object.keys(data).filter((member) => member.endsWith('At'))) {
      expect(data[name]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    }
  }
}

const bad = `{ raise: { error: { type: 'https://x.test/bad', status: 503, title: Bad } } }`;

/** What is told of every task that begins. */
const begins = (task: string): string[] => [
  `task.created ${task}`,
  `task.status-changed ${task} pending`,
  `task.started ${task}`,
  `task.status-changed ${task} running`,
];
const ends = (task: string, how: string): string[] => [
  `task.${how} ${task}`,
  `task.status-changed ${task} ${how}`,
];
const waits = (...tasks: string[]): string[] => [
  ...tasks.map((task) => `task.status-changed ${task} waiting`),
  'workflow.status-changed waiting',
];

test('everything that happens to an execution and its tasks is told, in order', async () => {
  const handle = await service.start(
    `
do:
  - skipped: { if: '\${ false }', set: { n: 1 } }
  - pure: { set: { n: 1 } }
  - risky:
      try: [{ fail: ${bad} }]
      catch: { retry: { delay: { milliseconds: 5 }, limit: { attempt: { count: 1 } } }, do: [{ mend: { set: { n: 2 } } }] }
  - race: { fork: { compete: true, branches: [{ slow: { wait: { hours: 1 } } }, { fast: { wait: { milliseconds: 20 } } }] } }
  - wrong: { if: '\${ 1 / 0 }', set: { n: 3 } }
`,
    {},
    {},
    all,
  );
  const { error } = await service.ended(handle);
  const id = handle.workflowId;
  const [slow, fast] = ['/do/3/race/fork/branches/0/slow', '/do/3/race/fork/branches/1/fast'];
  expect(linesOf(id)).toEqual([
    'workflow.started',
    'workflow.status-changed running',
    ...begins('/do/1/pure'),
    ...ends('/do/1/pure', 'completed'),
    ...begins('/do/2/risky'),
    ...begins('/do/2/risky/try/0/fail'),
    ...ends('/do/2/risky/try/0/fail', 'faulted'),
    ...waits('/do/2/risky'),
    'task.retried /do/2/risky',
    'task.status-changed /do/2/risky running',
    ...begins('/do/2/risky/try/0/fail'),
    ...ends('/do/2/risky/try/0/fail', 'faulted'),
    ...begins('/do/2/risky/catch/do/0/mend'),
    ...ends('/do/2/risky/catch/do/0/mend', 'completed'),
    ...ends('/do/2/risky', 'completed'),
    ...begins('/do/3/race'),
    ...begins(slow),
    ...begins(fast),
    `task.status-changed ${slow} waiting`,
    `task.status-changed ${fast} waiting`,
    ...ends(fast, 'completed'),
    ...ends(slow, 'cancelled'),
    ...ends('/do/3/race', 'completed'),
    ...begins('/do/4/wrong'),
    ...ends('/do/4/wrong', 'faulted'),
    'workflow.faulted',
    'workflow.status-changed faulted',
  ]);
  expectWellFormed(id);
  const faults = eventsOf(id).filter((event) => kindOf(event).endsWith('.faulted'));
  expect(faults.map((event) => dataOf(event)['error'])).toEqual([
    expect.objectContaining({ type: 'https://x.test/bad', status: 503, title: 'Bad' }),
    expect.objectContaining({ type: 'https://x.test/bad' }),
    error,
    error,
  ]);
  const [started] = eventsOf(id);
  expect(started).toMatchObject({
    type: 'io.serverlessworkflow.workflow.started.v1',
    source: `/test/${id}/1.0.0`,
    data: { definition: { namespace: 'test', name: id, version: '1.0.0' } },
  });
}, 60_000);

test('correlations are told with the keys that they were held to', async () => {
  const handle = await service.start(
    `do: [{ heard: { listen: { to: { one: { with: { type: lc.reading }, correlate: { room: { from: .roomid } } } } } } }]`,
    {},
    {},
    all,
  );
  await listening(handle);
  await service.routing.router.route([anEvent('lc.reading', 7, { roomid: 'kitchen' })]);
  expect(await service.ended(handle)).toMatchObject({ output: [7] });
  const id = handle.workflowId;
  expect(linesOf(id)).toEqual([
    'workflow.started',
    'workflow.status-changed running',
    ...begins('/do/0/heard'),
    'workflow.correlation-started',
    ...waits('/do/0/heard'),
    'workflow.correlation-completed',
    // While the inbox is told what was consumed.
    'task.status-changed /do/0/heard running',
    'workflow.status-changed running',
    ...ends('/do/0/heard', 'completed'),
    'workflow.completed',
    'workflow.status-changed completed',
  ]);
  const completed = eventsOf(id).find((event) => kindOf(event) === 'workflow.correlation-completed');
  expect(completed && dataOf(completed)['correlationKeys']).toEqual({ room: 'kitchen' });
  expectWellFormed(id);
}, 60_000);

test('a cancelled execution tells it from the inside out', async () => {
  const handle = await service.start(
    `do: [{ outer: { do: [{ inner: { wait: { hours: 1 } } }] } }]`,
    {},
    {},
    all,
  );
  await listening(handle);
  await handle.cancel();
  await expect(handle.result()).rejects.toThrow();
  const id = handle.workflowId;
  expect(linesOf(id)).toEqual([
    'workflow.started',
    'workflow.status-changed running',
    ...begins('/do/0/outer'),
    ...begins('/do/0/outer/do/0/inner'),
    ...waits('/do/0/outer/do/0/inner'),
    ...ends('/do/0/outer/do/0/inner', 'cancelled'),
    ...ends('/do/0/outer', 'cancelled'),
    'workflow.cancelled',
    'workflow.status-changed cancelled',
  ]);
  expectWellFormed(id);
}, 60_000);

const looping = `
do:
  - loop:
      for: { in: '\${ [range(6)] }' }
      do:
        - pause: { wait: { milliseconds: 1 } }
        - both: { fork: { branches: [{ left: { wait: { milliseconds: 1 } } }, { right: { set: { n: 1 } } }] } }
  - risky:
      try: [{ fail: ${bad} }]
      catch: { retry: { delay: { milliseconds: 1 }, limit: { attempt: { count: 4 } } }, do: [{ mend: { set: { n: 2 } } }] }
`;

test('an execution that continues as new tells the same, once', async () => {
  const whole = await service.start(looping, {}, {}, all);
  const parts = await service.start(looping, {}, { historyEvents: 12 }, all);
  const { report } = await service.ended(whole);
  expect(report.status).toBe('completed');
  expect((await service.ended(parts)).report.omittedTasks).toBeGreaterThan(0);
  expect(linesOf(parts.workflowId)).toEqual(linesOf(whole.workflowId));
  expectWellFormed(parts.workflowId);
}, 120_000);

test.each<[readonly string[], readonly string[]]>([
  [['task.faulted'], ['task.faulted']],
  [
    ['workflow.*'],
    ['workflow.started', 'workflow.status-changed', 'workflow.status-changed', 'workflow.faulted'],
  ],
  [
    ['*.faulted', 'io.serverlessworkflow.workflow.started.v1'],
    ['workflow.started', 'task.faulted', 'workflow.faulted'],
  ],
])(
  '%s lets through what it names',
  async (patterns, kinds) => {
    const body = `do: [{ pure: { set: { n: 1 } } }, { fail: ${bad} }]`;
    const handle = await service.start(body, {}, {}, lifecycleKindsOf(patterns));
    await service.ended(handle);
    const told = eventsOf(handle.workflowId).map(kindOf);
    expect(told.toSorted()).toEqual(kinds.toSorted());
    expectWellFormed(handle.workflowId);
  },
  60_000,
);

test('nothing is told where nobody asked', async () => {
  const handle = await service.start(`do: [{ pure: { set: { n: 1 } } }]`, {});
  await service.ended(handle);
  expect(linesOf(handle.workflowId)).toEqual([]);
  const { events } = await service.client.workflow.getHandle(handle.workflowId).fetchHistory();
  // Started, and one workflow task.
  expect(events?.length).toBe(5);
}, 60_000);

test('children tell what their parents do', async () => {
  await service.deploy(
    `{ document: { dsl: '1.0.3', namespace: test, name: told, version: '1.0.0' }, do: [{ pure: { set: { n: 1 } } }] }`,
  );
  const kinds: readonly LifecycleKind[] = ['workflow.started', 'workflow.completed'];
  const run = `do: [{ child: { run: { workflow: { namespace: test, name: told, version: '1.0.0' } } } }]`;
  const handle = await service.start(run, {}, {}, kinds);
  await service.ended(handle);
  const told = sink.events.filter(
    ({ source, subject }) => subject === handle.workflowId || source === '/test/told/1.0.0',
  );
  expect(told.map(kindOf)).toEqual([
    'workflow.started',
    'workflow.started',
    'workflow.completed',
    'workflow.completed',
  ]);
  expect(told[1]?.source).toBe('/test/told/1.0.0');
}, 60_000);

test('while the event system is away the execution goes on, and its end waits for the events', async () => {
  let isAway = true;
  answer = () => (isAway ? 503 : undefined);
  const handle = await service.start(
    `do: [{ pause: { wait: { milliseconds: 100 } } }, { pure: { set: { n: 1 } } }]`,
    {},
    {},
    ['task.completed', 'workflow.completed'],
  );
  await delay(4_000);
  expect((await handle.describe()).status.name).toBe('RUNNING');
  isAway = false;
  expect(await service.ended(handle)).toMatchObject({ output: { n: 1 } });
  expect(linesOf(handle.workflowId)).toEqual([
    'task.completed /do/0/pause',
    'task.completed /do/1/pure',
    'workflow.completed',
  ]);
  expectWellFormed(handle.workflowId);
}, 60_000);

test('an event that is refused holds up no other one', async () => {
  answer = ({ type }) => (type.includes('.task.') ? 400 : undefined);
  const handle = await service.start(`do: [{ pure: { set: { n: 1 } } }]`, {}, {}, all);
  expect(await service.ended(handle)).toMatchObject({ output: { n: 1 } });
  expect(linesOf(handle.workflowId).at(-1)).toBe('workflow.status-changed completed');
  for (const { id } of eventsOf(handle.workflowId)) expect(sink.deliveries.get(id)).toBe(1);
}, 60_000);

test('a long loop of pure tasks tells all of them', async () => {
  const loop = `do: [{ loop: { for: { in: '\${ [range(2500)] }' }, do: [{ add: { set: { n: '\${ (.n // 0) + 1 }' } } }] } }]`;
  const handle = await service.start(loop, {}, {}, ['task.completed']);
  expect(await service.ended(handle)).toMatchObject({ output: { n: 2500 } });
  const events = eventsOf(handle.workflowId);
  expect(events.length).toBe(2501);
  expectWellFormed(handle.workflowId);
}, 120_000);

test('outputs and long details stay out of the events', async () => {
  const long = 'x'.repeat(100_000);
  const body = `do: [{ large: { set: { text: '\${ .text }' } } }, { fail: { raise: { error: { type: 'https://x.test/bad', status: 500, detail: '\${ .text }' } } } }]`;
  const handle = await service.start(body, { text: long }, {}, all);
  await service.ended(handle);
  for (const event of eventsOf(handle.workflowId)) expect(jsonSize(event)).toBeLessThan(65_536);
}, 60_000);

test('a suspension is told of the execution and of what is under way, and so is its end', async () => {
  const handle = await service.start('do: [{ pause: { wait: { seconds: 3 } } }]', {}, {}, all);
  const id = handle.workflowId;
  const told = async (wanted: string): Promise<void> => {
    await eventually(wanted, async () => (linesOf(id).includes(wanted) ? true : undefined));
  };
  await told('workflow.status-changed waiting');
  await handle.executeUpdate(operationUpdates.suspend);
  await told('workflow.status-changed suspended');
  await handle.executeUpdate(operationUpdates.resume);
  await service.ended(handle);
  const pause = '/do/0/pause';
  expect(linesOf(id)).toEqual([
    'workflow.started',
    'workflow.status-changed running',
    ...begins(pause),
    ...waits(pause),
    'workflow.suspended',
    'workflow.status-changed suspended',
    ...ends(pause, 'suspended'),
    'workflow.resumed',
    'workflow.status-changed running',
    `task.resumed ${pause}`,
    `task.status-changed ${pause} running`,
    ...waits(pause),
    ...ends(pause, 'completed'),
    'workflow.completed',
    'workflow.status-changed completed',
  ]);
  expectWellFormed(id);
}, 60_000);

test('an execution that is held has faulted, and one that is retried is resumed', async () => {
  const body = `do: [{ check: { if: '\${ . == "bad" }', ${bad.slice(1, -1)} } }]`;
  const handle = await service.start(body, 'bad', {}, all, 'metadata: { onFault: hold }');
  const id = handle.workflowId;
  await eventually('the fault', async () => (linesOf(id).includes('workflow.faulted') ? true : undefined));
  await handle.executeUpdate(operationUpdates.retry, { args: [{ input: 'good' }] });
  await service.ended(service.client.workflow.getHandle(id));
  expect(linesOf(id)).toEqual([
    'workflow.started',
    'workflow.status-changed running',
    ...begins('/do/0/check'),
    ...ends('/do/0/check', 'faulted'),
    'workflow.faulted',
    'workflow.status-changed faulted',
    'workflow.resumed',
    'workflow.status-changed running',
    'workflow.completed',
    'workflow.status-changed completed',
  ]);
  expectWellFormed(id);
}, 60_000);

test('a cancellation that comes while a run that ends still publishes reaches the next one, and its child', async () => {
  await service.deploy(
    "{ document: { dsl: '1.0.3', namespace: test, name: child, version: '1.0.0' }, do: [{ long: { wait: PT1H } }] }",
  );
  const body = 'do: [{ below: { run: { workflow: { namespace: test, name: child, version: 1.0.0 } } } }]';
  const handle = await service.start(body, {}, {}, all);
  const id = handle.workflowId;
  const childId = await eventually('the child', async () => {
    const { children } = await handle.query<StatusReport>(statusQuery);
    return children?.[0]?.workflowId;
  });
  const { runId } = await handle.describe();
  const definition = (await handle.query<StatusReport>(statusQuery)).workflow;
  answer = ({ subject }) => (subject === id ? 503 : undefined);
  await handle.executeUpdate(operationUpdates.suspend);
  await handle.executeUpdate(operationUpdates.migrate, {
    args: [{ definition: service.checked({ ...definition, version: '2.0.0' }, body) }],
  });
  await handle.cancel();
  answer = () => undefined;
  const ended = service.client.workflow.getHandle(id);
  await expect(ended.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  expect((await ended.describe()).runId).not.toBe(runId);
  const child = await service.client.workflow.getHandle(childId).describe();
  expect(child.status.name).toBe('CANCELLED');
}, 60_000);
