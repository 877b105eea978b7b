/** What undoes the work of an execution that faults or is cancelled: what, in which order, with what, and when not. */
import { join } from 'node:path';
import { heldAnswer, startDesks, type Desk, type Desks } from '../desk.ts';
import { Refusal } from '../partner.ts';
import { eventually } from '../service-process.ts';
import { startDefinitionService, type DefinitionService } from './definition-service.ts';
import { bad, came, cancelled, faulted, pause, reports, statusOf, undoings, waits } from './undoing.ts';

const root = join(__dirname, '../..');
let desks: Desks;
let service: DefinitionService;

beforeAll(async () => {
  desks = await startDesks();
  service = await startDefinitionService(root, [new URL(desks.partner.url).host]);
}, 120_000);

afterAll(async () => {
  await service?.close();
  await desks?.close();
});

const steps = [1, 2, 3, 4, 5];

const bodies = (desk: Desk, path: string): readonly unknown[] =>
  desk.requests(path).map(({ body }) => JSON.parse(body) as unknown);

describe('after each of five steps', () => {
  const before = (k: number): readonly number[] => steps.slice(0, k);
  const doing = (k: number): readonly string[] => before(k).map((n) => `do/s${n}`);
  const undoing = (k: number): readonly string[] =>
    before(k)
      .toReversed()
      .map((n) => `undo/s${n}`);
  const undone = (k: number): readonly string[] =>
    before(k)
      .toReversed()
      .map((n) => `s${n} completed`);
  const definition = (desk: Desk, k: number, stop: string): string => {
    const tasks = steps.map((n) => desk.step(`s${n}`));
    return `do: [${[...tasks.slice(0, k), stop, ...tasks.slice(k)].join(', ')}]`;
  };

  test.each([0, ...steps])('%i: a fault undoes exactly those, in reverse order', async (k) => {
    const desk = desks.desk();
    const { report } = await faulted(service, definition(desk, k, bad));
    expect(desk.paths()).toEqual([...doing(k), ...undoing(k)]);
    expect(undoings(report)).toEqual(undone(k));
  });

  test.each([0, ...steps])('%i: a cancellation undoes exactly those, in reverse order', async (k) => {
    const desk = desks.desk();
    const handle = await service.start(definition(desk, k, pause), {});
    await waits(handle);
    await handle.cancel();
    const report = await cancelled(handle);
    expect(desk.paths()).toEqual([...doing(k), ...undoing(k)]);
    expect(undoings(report)).toEqual(undone(k));
  });

  test.each(steps)('%i is under way when the execution is cancelled: it is undone first', async (k) => {
    const desk = desks.desk();
    const { reply, release } = heldAnswer();
    desk.answer(`do/s${k}`, reply);
    // The undoing alone: the call itself has ended then.
    const waiting: number[] = [];
    desk.answer(`undo/s${k}`, async () => void waiting.push(desks.partner.waiting));
    const handle = await service.start(definition(desk, k, pause), { order: 7 });
    await came(desk, `do/s${k}`);
    expect(undoings(await statusOf(handle))).toEqual(
      before(k)
        .toReversed()
        .map((n) => `s${n} registered`),
    );
    await handle.cancel();
    expect(undoings(await cancelled(handle))).toEqual(undone(k));
    release();
    expect(desk.paths()).toEqual([...doing(k), ...undoing(k)]);
    expect(waiting).toEqual([1]);
    const input = k === 1 ? { order: 7 } : { done: `do/s${k - 1}` };
    expect(bodies(desk, `undo/s${k}`)).toEqual([{ input, output: null }]);
  });

  test('the status tells how far the undoing is', async () => {
    const desk = desks.desk();
    const { reply, release } = heldAnswer();
    desk.answer('undo/s2', reply);
    const handle = await service.start(definition(desk, 3, bad), {});
    await came(desk, 'undo/s2');
    const report = await statusOf(handle);
    expect([report.status, undoings(report)]).toEqual([
      'running',
      ['s3 completed', 's2 running', 's1 registered'],
    ]);
    expect(report.tasks.filter(({ endedAt }) => endedAt === undefined)).toMatchObject([
      { name: 'undo', reference: '/do/1/s2/metadata/compensate/0/undo', status: 'running' },
    ]);
    release();
    expect((await service.ended(handle)).error).toMatchObject({ title: 'Bad' });
  });
});

test('an undoing sees what its task was given and gave, the context, and the variables around it', async () => {
  const desk = desks.desk();
  const undo = `[{ note: {
    input: { from: '\${ { input: $input, output: $output, context: $context, item: $line, at: $index, problem: $problem.status } }' },
    call: http, with: { method: post, endpoint: '${desk.url}/undo/seen', body: '\${ $input }' } } }]`;
  const seen = `{ seen: { input: { from: '\${ { sku: $line } }' }, set: { bought: '\${ .sku }' }, output: { as: '\${ .bought }' }, export: { as: '\${ { last: $output } }' }, metadata: { compensate: ${undo} } } }`;
  const caught = `{ risky: { try: [${bad}], catch: { as: problem, do: [${seen}] } } }`;
  await faulted(service, `do: [{ each: { for: { each: line, in: .lines }, do: [${caught}] } }, ${bad}]`, {
    lines: ['kettle', 'pot'],
  });
  const told = (item: string, at: number): object => ({
    input: { sku: item },
    output: item,
    context: { last: 'pot' },
    item,
    at,
    problem: 500,
  });
  expect(bodies(desk, 'undo/seen')).toEqual([told('pot', 1), told('kettle', 0)]);
});

describe('what is undone where a task stands', () => {
  test('in a loop: each iteration of its own, with its variables', async () => {
    const desk = desks.desk();
    await faulted(
      service,
      `do: [{ each: { for: { in: .items }, do: [${desk.step('one', '', String.raw`one-\($item)`)}] } }, ${bad}]`,
      { items: ['a', 'b', 'c'] },
    );
    expect(desk.undone()).toEqual(['one-c', 'one-b', 'one-a']);
  });

  test('a task that is visited twice is undone twice', async () => {
    const desk = desks.desk();
    const again = `{ again: { switch: [{ more: { when: '\${ $context.n != 2 }', then: step } }] } }`;
    const counting = `, export: { as: '\${ { n: (($context.n // 0) + 1) } }' }`;
    await faulted(service, `do: [${desk.step('step', counting)}, ${again}, ${bad}]`);
    expect(desk.undone()).toEqual(['step', 'step']);
    expect(new Set(desk.requests('undo/step').map(({ key }) => key)).size).toBe(2);
  });

  test('in branches: in reverse order of their completion', async () => {
    const desk = desks.desk();
    const { reply, release } = heldAnswer();
    desk.answer('do/slow', reply);
    const branches = `{ both: { fork: { branches: [${desk.step('slow')}, ${desk.step('fast')}] } } }`;
    const handle = await service.start(`do: [${branches}, ${bad}]`, {});
    await reports('the end of the fast one', handle, ({ tasks }) =>
      tasks.some(({ name, endedAt }) => name === 'fast' && endedAt !== undefined),
    );
    release();
    expect((await service.ended(handle)).error).toMatchObject({ title: 'Bad' });
    expect(desk.undone()).toEqual(['slow', 'fast']);
  });

  test('a branch under way when another one faults is undone first, with no output', async () => {
    const desk = desks.desk();
    const { reply, release } = heldAnswer();
    desk.answer('do/hangs', reply);
    desk.answer('do/breaks', async () => {
      await came(desk, 'do/hangs');
      throw new Refusal(500);
    });
    const branches = `{ both: { fork: { branches: [${desk.step('hangs')}, ${desk.step('breaks')}] } } }`;
    const { error } = await service.ended(
      await service.start(`do: [${desk.step('first')}, ${branches}]`, {}),
    );
    release();
    expect(error).toMatchObject({ status: 500, instance: '/do/1/both/fork/branches/1/breaks' });
    expect(desk.undone()).toEqual(['breaks', 'hangs', 'first']);
    expect(bodies(desk, 'undo/hangs')).toMatchObject([{ output: null }]);
  });

  test('a fault that is caught leaves all in place, for a later one', async () => {
    const desk = desks.desk();
    const swallowed = await service.ended(
      await service.start(`do: [{ risky: { try: [${desk.step('one')}, ${bad}], catch: {} } }]`, {}),
    );
    expect([swallowed.error, desk.undone()]).toEqual([undefined, []]);
    expect(undoings(swallowed.report)).toEqual(['one registered']);
    await faulted(
      service,
      `do: [{ risky: { try: [${desk.step('one')}, ${bad}], catch: { do: [${desk.step('two')}] } } }, ${bad}]`,
    );
    expect(desk.undone()).toEqual(['two', 'one']);
  });

  test('a task that a try repeats is undone once', async () => {
    const desk = desks.desk();
    const attempts = `catch: { retry: { delay: { milliseconds: 10 }, limit: { attempt: { count: 2 } } } }`;
    await faulted(service, `do: [{ risky: { try: [${desk.step('one')}, ${bad}], ${attempts} } }]`);
    expect(desk.paths()).toEqual(['do/one', 'do/one', 'do/one', 'undo/one']);
    expect(new Set(desk.requests('do/one').map(({ key }) => key)).size).toBe(1);
  });

  test('a task that is skipped, or whose input is refused, is not', async () => {
    const desk = desks.desk();
    const refused = desk.step('refused', `, input: { schema: { document: { type: string } } }`);
    const body = `do: [${desk.step('one')}, ${desk.step('skipped', `, if: '\${ false }'`)}, ${refused}]`;
    const { error } = await service.ended(await service.start(body, {}));
    expect(error).toMatchObject({ status: 400, instance: '/do/2/refused' });
    expect(desk.paths()).toEqual(['do/one', 'undo/one']);
  });

  test('a task with tasks in it: those and itself, each at its place', async () => {
    const desk = desks.desk();
    const whole = (name: string, inner: string): string =>
      `{ ${name}: { do: [${inner}], ${desk.compensate(name)} } }`;
    await faulted(
      service,
      `do: [${whole('done', desk.step('one'))}, ${whole('open', `${desk.step('two')}, ${bad}`)}]`,
    );
    expect(desk.undone()).toEqual(['open', 'two', 'done', 'one']);
  });

  test('in a function', async () => {
    const desk = desks.desk();
    await faulted(
      service,
      `use: { functions: { pay: { do: [${desk.step('inner')}] } } }\ndo: [{ outer: { call: pay, with: { n: 1 }, ${desk.compensate('outer')} } }, ${bad}]`,
    );
    expect(desk.undone()).toEqual(['outer', 'inner']);
    expect(bodies(desk, 'undo/inner')).toEqual([{ input: { n: 1 }, output: { done: 'do/inner' } }]);
  });
});

describe('children', () => {
  const below = (name: string): string =>
    `run: { workflow: { namespace: test, name: ${name}, version: latest } }`;
  const deploy = (name: string, tasks: string): Promise<void> =>
    service.deploy(
      `{ document: { dsl: '1.0.3', namespace: test, name: ${name}, version: '1.0.0' }, do: [${tasks}] }`,
    );

  test('one at work undoes itself when its parent is cancelled, before the parent does', async () => {
    const desk = desks.desk();
    await deploy('child-at-work', `${desk.step('below')}, ${pause}`);
    const handle = await service.start(
      `do: [${desk.step('first')}, { child: { ${below('child-at-work')}, ${desk.compensate('child')} } }]`,
      {},
    );
    const [child] = await eventually('a child that waits', async () => {
      const { children } = await statusOf(handle);
      return desk.requests('do/below').length > 0 ? children : undefined;
    });
    await handle.cancel();
    await cancelled(handle);
    expect(desk.undone()).toEqual(['below', 'child', 'first']);
    await cancelled(service.client.workflow.getHandle(child?.workflowId ?? ''));
  });

  test('one that faults undoes itself, and its parent the rest', async () => {
    const desk = desks.desk();
    await deploy('child-that-faults', `${desk.step('below')}, ${bad}`);
    const { error } = await faulted(
      service,
      `do: [${desk.step('first')}, { child: { ${below('child-that-faults')} } }]`,
    );
    expect(error?.instance).toBe('/do/1/child');
    expect(desk.undone()).toEqual(['below', 'first']);
  });

  test('one that has completed is undone by what stands at the task that ran it', async () => {
    const desk = desks.desk();
    await deploy('child-that-completes', desk.step('below'));
    await faulted(
      service,
      `do: [{ child: { ${below('child-that-completes')}, ${desk.compensate('child')} } }, ${bad}]`,
    );
    expect(desk.undone()).toEqual(['child']);
    expect(bodies(desk, 'undo/child')).toEqual([{ input: {}, output: { done: 'do/below' } }]);
  });

  test('a child may undo a task, and is waited for', async () => {
    const desk = desks.desk();
    await deploy('child-that-undoes', desk.plain('repair'));
    await faulted(
      service,
      `do: [${desk.step('first')}, { second: { set: { n: 1 }, metadata: { compensate: [{ repair: { ${below('child-that-undoes')} } }] } } }, ${bad}]`,
    );
    expect(desk.paths()).toEqual(['do/first', 'do/repair', 'undo/first']);
  });
});
