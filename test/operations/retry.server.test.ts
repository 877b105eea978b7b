/** Retry, as a caller of the API sees it: in place, as a new run, and at most once. */
import { approval, becomes, eventually, problemOf, startOperationsService } from './operations-service.ts';
import type { OperationsService } from './operations-service.ts';

let service: OperationsService;

/** Faults unless the input of its second task says otherwise. */
const brittle = `do:
  - before: { set: { step: before } }
  - pay:
      if: \${ .paid != true }
      input: { schema: { format: json, document: { type: object } } }
      raise: { error: { type: https://example.com/errors/card, status: 402, title: No money } }
  - after: { set: { done: true } }
`;
const error = { type: 'https://example.com/errors/card', status: 402, instance: '/do/1/pay' };

beforeAll(async () => {
  service = await startOperationsService();
  await service.define('brittle', brittle);
  await service.define('held', brittle, { metadata: '{ onFault: hold }' });
  await service.define('moving', `${brittle}  - doze: { wait: { hours: 1 } }\n`);
  await service.define('moving', `${brittle}  - doze: { wait: { hours: 1 } }\n`, { version: '2.0.0' });
  await service.define('fine', 'do: [{ all: { set: { done: true } } }]');
  await service.define('long', 'do: [{ doze: { wait: { hours: 1 } } }]');
  const child = (name: string, how = ''): string =>
    `do: [{ sub: { run: { workflow: { namespace: test, name: ${name}, version: 1.0.0 }${how} } } }]`;
  await service.define('parent', child('brittle'));
  await service.define('grandparent', child('parent'));
  await service.define('releasing', child('parent', ', await: false'));
  await service.define('holding', child('brittle'), { metadata: '{ onFault: hold }' });
}, 120_000);
afterAll(() => service?.stop());

async function faulted(name: string, id: string, held: boolean, more?: object): Promise<string> {
  await service.begin(name, id, more);
  return String((await service.until(id, { status: 'faulted', held })).runId);
}

/** Of all runs: a task that begins again keeps its number. */
async function taskNames(id: string): Promise<string[]> {
  const { body } = await service.call('GET', `/v1/executions/${id}/tasks`);
  return (body.tasks as { name: string }[]).map(({ name }) => name);
}

describe('an execution that is held', () => {
  it('is faulted and open, and listed so', async () => {
    await faulted('held', 'held-1', true);
    expect(await service.show('held-1')).toMatchObject({
      status: 'faulted',
      held: true,
      endedAt: null,
      error,
    });
    await eventually(async () => {
      const { body } = await service.call('GET', '/v1/executions?status=faulted&idPrefix=held-1');
      expect(body.executions).toMatchObject([{ id: 'held-1', status: 'faulted', held: true, endedAt: null }]);
    });
    const result = await service.call('GET', '/v1/executions/held-1/result');
    expect(result).toMatchObject({ status: 202, body: { status: 'faulted', held: true } });
  });

  it('goes on in place, on another input', async () => {
    await faulted('held', 'held-2', true);
    const plan = await service.operate('held-2', 'retry?dryRun=true', { input: { paid: true } });
    expect(plan).toMatchObject({
      status: 200,
      body: {
        dryRun: true,
        possible: true,
        inPlace: true,
        error,
        task: { reference: '/do/1/pay', input: { paid: true } },
      },
    });
    expect(plan.body).not.toHaveProperty('start');

    const refused = await service.operate('held-2', 'retry', { input: 'no object' });
    expect(problemOf(refused)).toEqual([422, 'invalid-input']);
    expect(refused.body.errors).toMatchObject([{ pointer: '/input' }]);

    const retried = await service.operate('held-2', 'retry', { input: { paid: true } }, 'r1');
    expect(retried).toMatchObject({ status: 202, body: { id: 'held-2', inPlace: true } });
    const again = await service.operate('held-2', 'retry', { input: { paid: true } }, 'r1');
    expect([202, 409]).toContain(again.status);
    await service.until('held-2', { status: 'completed', output: { done: true } });
    expect(await taskNames('held-2')).toEqual(['before', 'pay', 'after']);
  });

  it('that faults again is held again', async () => {
    await faulted('held', 'held-3', true);
    const { runId } = await service.show('held-3');
    expect((await service.operate('held-3', 'retry')).status).toBe(202);
    await eventually(async () => {
      const shown = await service.show('held-3');
      expect(shown).toMatchObject({ status: 'faulted', held: true });
      expect(shown.runId).not.toBe(runId);
    });
  });
});

describe('an execution that ended by a fault', () => {
  it('goes on as a new run under its id, linked both ways', async () => {
    const runId = await faulted('brittle', 'ended-1', false);
    const plan = await service.operate('ended-1', 'retry?dryRun=true');
    expect(plan.body).toMatchObject({ possible: true, inPlace: false, task: { reference: '/do/1/pay' } });
    expect(plan.body).not.toHaveProperty('start');

    const { status, headers, body } = await service.operate('ended-1', 'retry', { input: { paid: true } });
    expect(status).toBe(202);
    expect(headers.get('location')).toBe('/v1/executions/ended-1');
    expect(body).toMatchObject({ id: 'ended-1', retryOf: runId, inPlace: false });
    expect(body.runId).not.toBe(runId);
    const ended = await service.until('ended-1', { status: 'completed', runId: body.runId, retryOf: runId });
    expect(ended).toMatchObject({ workflow: 'test/brittle', version: '1.0.0', input: null });
    expect(await service.show('ended-1', runId)).toMatchObject({ status: 'faulted', retriedAs: body.runId });
    expect(await taskNames('ended-1')).toEqual(['before', 'pay', 'after']);
  });

  it('stays linked, and knows its past, after it continued as new', async () => {
    const runId = await faulted('moving', 'ended-4', false, { version: '1.0.0' });
    const retried = await service.operate('ended-4', 'retry', { input: { paid: true } });
    const { startedAt } = await service.until('ended-4', { status: 'waiting' });
    expect((await service.operate('ended-4', 'migrate', { version: '2.0.0' })).status).toBe(202);
    const moved = await service.until('ended-4', { version: '2.0.0', status: 'waiting', retryOf: runId });
    expect(moved.runId).not.toBe(retried.body.runId);
    expect(moved).toMatchObject({ workflow: 'test/moving', startedAt });
    expect(await service.show('ended-4', runId)).toMatchObject({ retriedAs: retried.body.runId });
    expect(await taskNames('ended-4')).toEqual(['before', 'pay', 'after', 'doze']);
  });

  it('is retried once, however many ask at the same time', async () => {
    const runId = await faulted('brittle', 'ended-2', false);
    const answers = await Promise.all(Array.from({ length: 5 }, () => service.operate('ended-2', 'retry')));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    // Those who saw the first retry fault have retried that; nobody has retried a run twice.
    const runs = answers.map(({ body }) => body as { runId: string; retryOf: string });
    const byRetried = Map.groupBy(runs, ({ retryOf }) => retryOf);
    for (const retries of byRetried.values())
      expect(new Set(retries.map((retry) => retry.runId)).size).toBe(1);
    expect(byRetried.has(runId)).toBe(true);
  });

  it('is not retried again by the same key or by its name, when the retry has faulted too', async () => {
    const runId = await faulted('brittle', 'ended-3', false);
    const first = await service.operate('ended-3', 'retry', {}, 'k1');
    await service.until('ended-3', { status: 'faulted', runId: first.body.runId });
    const again = await service.operate('ended-3', 'retry', {}, 'k1');
    expect(again).toMatchObject({ status: 202, body: first.body });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await service.operate('ended-3', `retry?runId=${runId}`)).toMatchObject({
      status: 202,
      body: first.body,
    });
    const other = await service.operate('ended-3', 'retry', { input: { paid: true } }, 'k1');
    expect(problemOf(other)).toEqual([409, 'idempotency-conflict']);

    const second = await service.operate('ended-3', 'retry', { input: { paid: true } }, 'k2');
    expect(second.body).toMatchObject({ retryOf: first.body.runId });
    await service.until('ended-3', { status: 'completed', runId: second.body.runId });
    await eventually(async () =>
      expect(await service.show('ended-3', runId)).toMatchObject({ retriedAs: first.body.runId }),
    );
    const stale = await service.operate('ended-3', `retry?runId=${runId}`);
    expect(problemOf(stale)).toEqual([409, 'execution-ended']);
  });
});

describe('what is no execution to retry', () => {
  it('is one that has not faulted', async () => {
    await service.begin('long', 'long-1');
    await service.until('long-1', { status: 'waiting' });
    expect(problemOf(await service.operate('long-1', 'retry'))).toEqual([409, 'execution-not-faulted']);
    const plan = await service.operate('long-1', 'retry?dryRun=true');
    expect(plan).toMatchObject({
      status: 200,
      body: { possible: false, reason: expect.any(String) as string },
    });
    await service.operate('long-1', 'terminate');
    expect(problemOf(await service.operate('long-1', 'retry'))).toEqual([409, 'execution-ended']);
  });

  it('is one whose work was undone', async () => {
    const undo = 'metadata: { compensate: [{ undo: { set: { undone: true } } }] }';
    await service.define(
      'undone',
      `do: [{ book: { set: { booked: true }, ${undo} } }, { pay: { raise: { error: { type: about:blank, status: 402 } } } }]`,
    );
    await faulted('undone', 'undone-1', false);
    expect(await service.show('undone-1')).toMatchObject({
      compensations: [{ name: 'book', status: 'completed' }],
    });
    expect(problemOf(await service.operate('undone-1', 'retry'))).toEqual([409, 'work-undone']);
    const plan = await service.operate('undone-1', 'retry?dryRun=true');
    expect(plan).toMatchObject({ status: 200, body: { possible: false, refusal: 'perdure/work-undone' } });
  });

  it('is one that completed', async () => {
    await service.begin('fine', 'fine-1');
    await service.until('fine-1', { status: 'completed' });
    expect(problemOf(await service.operate('fine-1', 'retry'))).toEqual([409, 'execution-ended']);
  });

  it('is a TypeScript workflow', async () => {
    await service.post('/v1/executions', { ...approval, id: 'typescript' });
    expect(problemOf(await service.operate('typescript', 'retry'))).toEqual([409, 'operation-not-supported']);
  });
});

describe('a child', () => {
  /** The innermost one of an execution. */
  async function childOf(id: string): Promise<string> {
    const { executions } = await becomes(
      async () => (await service.call('GET', `/v1/executions?workflow=test/brittle&idPrefix=${id}`)).body,
      { executions: [{ workflow: 'test/brittle' }] },
    );
    const [child] = executions as { id: string }[];
    return String(child?.id);
  }

  it('that ended leaves its retry to the root', async () => {
    await faulted('grandparent', 'root-1', false);
    const refused = await service.operate(await childOf('root-1'), 'retry');
    expect(problemOf(refused)).toEqual([409, 'retry-the-root']);
    expect(refused.body.root).toEqual({ id: 'root-1' });
    const retried = await service.operate('root-1', 'retry');
    expect(retried.status).toBe(202);
  });

  it('for which nobody waits is a root', async () => {
    await service.begin('releasing', 'root-3');
    const grandchild = await childOf('root-3');
    await service.until(grandchild, { status: 'faulted' });
    const refused = await service.operate(grandchild, 'retry');
    expect(problemOf(refused)).toEqual([409, 'retry-the-root']);
    const { id } = refused.body.root as { id: string };
    expect(id).not.toBe('root-3');
    await service.until(id, { status: 'faulted' });
    expect(await service.operate(id, 'retry')).toMatchObject({ status: 202, body: { id, inPlace: false } });
  });

  it('that is held goes on in place, and its parent with it', async () => {
    await service.begin('holding', 'root-2');
    const child = await childOf('root-2');
    await service.until(child, { status: 'faulted', held: true });
    expect(await service.show('root-2')).toMatchObject({ held: false, children: [{ workflowId: child }] });
    expect((await service.operate(child, 'retry', { input: { paid: true } })).body.inPlace).toBe(true);
    await service.until('root-2', { status: 'completed', output: { done: true } });
  });
});
