/** Undoing from one run of an execution to the next, and where there can be none; executions that undo nothing. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openMemoryEvents } from '../../backends/events/memory.ts';
import { lifecycleKindsOf } from '../../workflows/contract.ts';
import { heldAnswer, startDesks, type Desks } from '../desk.ts';
import { manoeuvres } from '../histories/manoeuvres.ts';
import { Refusal } from '../partner.ts';
import { startDefinitionService, type DefinitionService } from './definition-service.ts';
import { endRun, goOnInNextRun, runsOf } from './runs.ts';
import { bad, came, cancelled, faulted, pause, reports, undoings, waits } from './undoing.ts';

const root = join(__dirname, '../..');
let desks: Desks;
let service: DefinitionService;
/** What publishing of lifecycle events waits for. */
let published: Promise<unknown> = Promise.resolve();

beforeAll(async () => {
  desks = await startDesks();
  const events = openMemoryEvents();
  const publisher = {
    ...events,
    publish: async (event: Parameters<typeof events.publish>[0]) => {
      await published;
      await events.publish(event);
    },
  };
  service = await startDefinitionService(root, [new URL(desks.partner.url).host], {}, publisher);
}, 120_000);

afterAll(async () => {
  await service?.close();
  await desks?.close();
});

const items = Array.from({ length: 40 }, (_, index) => index);
const limits = { historyEvents: 20 };
const loop = (undo: string): string =>
  `{ each: { for: { in: '\${ [range(40)] }' }, do: [{ one: { set: { n: '\${ $item }' }, ${undo} } }] } }`;
const backwards = items.toReversed().map((n) => `one-${n}`);

describe('undoing that takes many runs', () => {
  test('ends with the fault that it began with, and undoes everything once', async () => {
    const desk = desks.desk();
    const body = `do: [${loop(desk.compensate(String.raw`one-\($item)`))}, ${bad}]`;
    const { report, id } = await faulted(service, body, {}, limits);
    expect(desk.undone()).toEqual(backwards);
    expect(report.compensations?.map(({ status }) => status)).toEqual(items.map(() => 'completed'));
    expect((await runsOf(service.client, id)).length).toBeGreaterThan(5);
  }, 60_000);

  test('ends as cancelled where a cancellation began it', async () => {
    const desk = desks.desk();
    const body = `do: [${loop(desk.compensate(String.raw`one-\($item)`))}, ${pause}]`;
    const handle = await service.start(body, {}, limits);
    await waits(handle);
    await handle.cancel();
    await cancelled(service.client.workflow.getHandle(handle.workflowId));
    expect(desk.undone()).toEqual(backwards);
    expect((await runsOf(service.client, handle.workflowId)).length).toBeGreaterThan(5);
  }, 60_000);

  test('what was under way for many runs keeps its place, its input and its key', async () => {
    const desk = desks.desk();
    const { reply, release } = heldAnswer();
    desk.answer('do/call', reply);
    const slow = (name: string, first: string): string =>
      `{ ${name}: { do: [${first}, ${pause}], ${desk.compensate(name)} } }`;
    // Of two branches the one that is written last begins first.
    const branches = `[{ late: { do: [{ nap: { wait: { seconds: 1 } } }, ${slow('second', '{ a: { set: { n: 1 } } }')}] } }, ${slow('first', '{ b: { set: { n: 2 } } }')}]`;
    const body = `do: [${desk.step('call')}, { both: { fork: { branches: ${branches} } } }]`;
    const handle = await service.start(body, {}, limits);
    await came(desk, 'do/call');
    release();
    await reports('both branches', handle, ({ tasks }) => tasks.some(({ name }) => name === 'a'));
    for (let run = 0; run < 3; run++) await goOnInNextRun(handle, body);
    await reports('both branches', handle, ({ status }) => status === 'waiting');
    await handle.cancel();
    await cancelled(service.client.workflow.getHandle(handle.workflowId));
    expect(desk.undone()).toEqual(['second', 'first', 'call']);
  }, 60_000);

  test('a failed attempt is remembered from run to run', async () => {
    const desk = desks.desk();
    desk.answer('undo/s2', async (nth) => {
      if (nth <= 2) throw new Refusal(503);
      return null;
    });
    const body = `do: [${desk.step('s1')}, ${desk.step('s2')}, ${bad}]`;
    const { report } = await faulted(service, body, {}, { historyEvents: 10 });
    expect(desk.undone()).toEqual(['s2', 's2', 's2', 's1']);
    expect(new Set(desk.requests('undo/s2').map(({ key }) => key)).size).toBe(1);
    expect(undoings(report)).toEqual(['s2 completed', 's1 completed']);
  }, 60_000);
});

describe('at the end of a run', () => {
  const below = `{ child: { run: { workflow: { namespace: test, name: waiting, version: latest } } } }`;
  const both = (first: string, more = pause): string =>
    `do: [{ both: { fork: { branches: [${below}, { steps: { do: [${first}, ${more}] } }] } } }]`;

  beforeAll(() =>
    service.deploy(
      `{ document: { dsl: '1.0.3', namespace: test, name: waiting, version: '1.0.0' }, do: [${pause}] }`,
    ),
  );
  afterEach(() => {
    published = Promise.resolve();
  });

  test('a cancellation that comes at the last moment undoes all the same, and reaches the child', async () => {
    const desk = desks.desk();
    const { reply, release } = heldAnswer();
    published = reply(1);
    const body = both(desk.step('s1'));
    const handle = await service.start(body, {}, {}, lifecycleKindsOf('all'));
    const { children: [child] = [] } = await reports(
      'a child',
      handle,
      ({ children, status, tasks }) =>
        children !== undefined && status === 'running' && tasks.some(({ name }) => name === 'pause'),
    );
    // The run waits for its events to be published.
    await endRun(handle, body);
    await handle.cancel();
    release();
    await cancelled(handle);
    await cancelled(service.client.workflow.getHandle(child?.workflowId ?? ''));
    expect(desk.undone()).toEqual(['s1']);
  }, 60_000);

  test('data that no further run can have is a fault that undoes, and the child is cancelled', async () => {
    const desk = desks.desk();
    const { reply, release } = heldAnswer();
    desk.answer('do/s1', reply);
    const body = both(desk.step('s1', `, input: { from: '\${ { n: 1 } }' }`));
    // The run ends where the call has.
    const handle = await service.start(body, { text: 'x'.repeat(1_100_000) }, { historyEvents: 14 });
    const { children: [child] = [] } = await reports(
      'a child',
      handle,
      ({ children }) => children !== undefined,
    );
    release();
    const { error } = await service.ended(handle);
    expect(error).toMatchObject({ detail: expect.stringContaining('too many to continue as a new run') });
    await cancelled(service.client.workflow.getHandle(child?.workflowId ?? ''));
    expect(desk.undone()).toEqual(['s1']);
  }, 60_000);
});

describe('what is kept in order to undo', () => {
  test('has room for thousands of tasks', async () => {
    const body = `do: [{ each: { for: { in: '\${ [range(3000)] }' }, do: [{ one: { set: { n: '\${ $item }' }, metadata: { compensate: [{ undo: { set: { n: '\${ $input.n }' } } }] } } }] } }, ${bad}]`;
    const { report } = await faulted(service, body);
    expect([report.compensations?.length, report.omittedCompensations]).toEqual([200, 2_800]);
    expect(new Set(report.compensations?.map(({ status }) => status))).toEqual(new Set(['completed']));
  }, 60_000);

  test('a task for which there is no room does not begin, and what began is undone', async () => {
    const desk = desks.desk();
    const big = `'\${ [range(60000)] | map("some text") }'`;
    const body = `do: [${desk.step('s1')}, ${desk.step('s2', `, input: { from: ${big} }`)}, ${desk.step('s3', `, input: { from: ${big} }`)}]`;
    const { error } = await service.ended(await service.start(body, {}));
    expect(error).toMatchObject({ instance: '/do/2/s3', detail: expect.stringContaining('1000000 bytes') });
    expect(desk.paths()).toEqual(['do/s1', 'do/s2', 'undo/s2', 'undo/s1']);
  }, 60_000);

  test('an output for which there is no room is not kept: the task counts as one that did not complete', async () => {
    const desk = desks.desk();
    const big = `, output: { as: '\${ [range(60000)] | map("some text") }' }`;
    const body = `do: [${desk.step('s1', big)}, ${desk.step('s2', `, input: { from: '\${ null }' }${big}`)}]`;
    const { error } = await service.ended(await service.start(body, {}));
    expect(error).toMatchObject({ instance: '/do/1/s2', detail: expect.stringContaining('1000000 bytes') });
    expect(desk.undone()).toEqual(['s2', 's1']);
    expect(desk.requests('undo/s2').map(({ body: sent }) => JSON.parse(sent) as unknown)).toEqual([
      { input: null, output: null },
    ]);
  }, 60_000);
});

describe('histories', () => {
  /** What an execution asked of the server, without what paces it. */
  const asked = (events: readonly { readonly eventType?: unknown }[] = []): readonly unknown[] =>
    events.map(({ eventType }) => eventType).filter((type) => !String(type).includes('WORKFLOW_TASK'));

  const recorded = async (name: string): Promise<readonly unknown[]> => {
    const file = await readFile(join(root, 'test/histories/0.1.0', `${name}.json`), 'utf8');
    return asked((JSON.parse(file) as { readonly events: { readonly eventType: string }[] }).events);
  };

  test.each(['nested-everything', 'timeout-caught', 'race', 'long-pure-loop', 'faults-uncaught'])(
    'of a document without metadata are as they were: %s',
    async (name) => {
      const { body = '', input = {} } = manoeuvres[name] ?? {};
      const desk = desks.desk();
      desk.answer('do/nothing-here', async () => {
        throw new Refusal(404);
      });
      const handle = await service.start(body.replaceAll('$SERVICES', `${desk.url}/do`), input);
      await service.ended(handle);
      const history = JSON.parse(JSON.stringify(await service.history(handle.workflowId))) as {
        readonly events: { readonly eventType: string }[];
      };
      expect(asked(history.events)).toEqual(await recorded(name));
    },
  );
});
