import { eventually, greeting, startService } from './service-under-test.ts';
import type { ServiceUnderTest } from './service-under-test.ts';

let service: ServiceUnderTest;

beforeAll(async () => {
  service = await startService();
  expect((await service.deploy(greeting())).status).toBe(201);
});
afterAll(() => service?.stop());

const start = { workflow: 'shop/greet', input: { name: 'Ada' } };

describe('a start', () => {
  it('answers 202 and where to look, and is found there with its input', async () => {
    const answer = await service.post('/v1/executions', { ...start, id: "it's a/b" });
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({
      id: "it's a/b",
      workflow: 'shop/greet',
      version: '1.0.0',
      status: 'running',
    });
    const location = answer.headers.get('location') ?? '';
    expect(location).toBe("/v1/executions/it's%20a%2Fb");

    const read = await service.call('GET', location);
    expect(read.status).toBe(200);
    expect(read.body).toMatchObject({
      id: "it's a/b",
      runId: answer.body.runId,
      workflow: 'shop/greet',
      version: '1.0.0',
      // No worker is there.
      status: 'pending',
      endedAt: null,
      input: { name: 'Ada' },
      output: null,
      error: null,
      tasks: [],
    });
    expect(read.body).not.toHaveProperty('tasksUnavailable');
    const { temporalUi } = read.body.links as { temporalUi: string };
    expect(temporalUi).toBe(
      `http://localhost:8233/namespaces/default/workflows/it's%20a%2Fb/${String(answer.body.runId)}/history`,
    );
  });

  it('under an id that is taken answers 409 and where the other is', async () => {
    await service.post('/v1/executions', { ...start, id: 'taken' });
    const second = await service.post('/v1/executions', { ...start, id: 'taken' });
    expect(second.status).toBe(409);
    expect(second.body.type).toBe('urn:perdure:problem:execution-exists');
    expect(second.headers.get('location')).toBe('/v1/executions/taken');
  });

  it('five times at once with one key makes one execution', async () => {
    const key = { 'idempotency-key': 'order-77' };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => service.post('/v1/executions', start, key)),
    );
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    expect(new Set(answers.map(({ body }) => body.runId)).size).toBe(1);
    const replayed = answers.filter(({ headers }) => headers.get('idempotent-replayed') === 'true');
    expect(replayed).toHaveLength(4);
    expect(replayed[0]?.body).toMatchObject({ workflow: 'shop/greet', version: '1.0.0' });
  });

  it('with a used key and another input answers 409 and says so', async () => {
    const key = { 'idempotency-key': 'order-78' };
    await service.post('/v1/executions', start, key);
    const other = await service.post('/v1/executions', { ...start, input: { name: 'Bob' } }, key);
    expect(other.status).toBe(409);
    expect(other.body).toMatchObject({
      type: 'urn:perdure:problem:idempotency-conflict',
      detail: expect.stringMatching(/another workflow, version or input/) as string,
    });
  });

  it('with a used key answers the original after its definition was removed', async () => {
    await service.deploy(greeting({ name: 'gone' }));
    const key = { 'idempotency-key': 'order-79' };
    const body = { ...start, workflow: 'shop/gone' };
    const first = await service.post('/v1/executions', body, key);
    await service.call('DELETE', '/v1/definitions/shop/gone/versions/1.0.0');
    const second = await service.post('/v1/executions', body, key);
    expect(second.status).toBe(202);
    expect(second.body.runId).toBe(first.body.runId);
  });

  it('says which wait it honoured', async () => {
    const answer = await service.post('/v1/executions', start, { prefer: 'wait=1' });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('preference-applied')).toBe('wait=1');
  });
});

describe('an execution', () => {
  it('is terminated once, and is then cancelled', async () => {
    await service.post('/v1/executions', { ...start, id: 'to-end' });
    const ended = await service.post('/v1/executions/to-end/terminate', { reason: 'test' });
    expect(ended.status).toBe(202);
    const result = await service.call('GET', '/v1/executions/to-end/result');
    expect(result.status).toBe(200);
    expect(result.body).toMatchObject({ status: 'cancelled', output: null, error: null });
    const again = await service.call('POST', '/v1/executions/to-end/terminate');
    expect(again.status).toBe(409);
    expect(again.body).toMatchObject({
      type: 'urn:perdure:problem:execution-ended',
      executionStatus: 'cancelled',
    });
    expect((await service.call('POST', '/v1/executions/to-end/signals/go')).status).toBe(409);
    expect((await service.call('POST', '/v1/executions/to-end/cancel')).status).toBe(409);
  });

  it('takes a repeated signal with one key once', async () => {
    await service.post('/v1/executions', { ...start, id: 'signalled' });
    const key = { 'idempotency-key': 's1' };
    for (const headers of [key, key, {}]) {
      const answer = await service.post('/v1/executions/signalled/signals/go', { input: { n: 1 } }, headers);
      expect(answer.status).toBe(202);
    }
    const history = await service.call('GET', '/v1/executions/signalled/history');
    const events = history.body.events as { eventType: string }[];
    expect(events[0]).toMatchObject({ eventType: 'EVENT_TYPE_WORKFLOW_EXECUTION_STARTED' });
    expect(events.filter(({ eventType }) => eventType.endsWith('EXECUTION_SIGNALED'))).toHaveLength(2);
  });

  it('without a worker answers no query, and says so in time', async () => {
    await service.post('/v1/executions', { ...start, id: 'unanswered' });
    const answer = await service.call('GET', '/v1/executions/unanswered/queries/state');
    expect(answer.status).toBe(504);
    expect(answer.body.type).toBe('urn:perdure:problem:no-answer');
  });

  it('is found by every filter, however its id is written', async () => {
    const ids = ["odd' OR 1=1 --", 'odd%', 'odd_x', 'oddΩ'];
    for (const id of ids) await service.post('/v1/executions', { ...start, id });
    await eventually(async () => {
      const found = await listed('workflow=shop/greet&version=1.0.0&status=running&idPrefix=odd');
      expect(new Set(found)).toEqual(new Set(ids));
    });
    for (const id of ids) expect(await listed(`idPrefix=${encodeURIComponent(id)}`)).toEqual([id]);
    expect(await listed('idPrefix=odd&startedAfter=2999-01-01T00:00:00Z')).toEqual([]);
    expect(await listed('idPrefix=odd&startedBefore=2000-01-01T00:00:00%2B02:00')).toEqual([]);
    expect(await listed(`workflow=${encodeURIComponent("x' OR PerdureDefinition != '")}`)).toEqual([]);
    expect(await listed('idPrefix=odd&errorType=x')).toEqual([]);
  });

  it('is listed once in pages', async () => {
    for (let n = 0; n < 3; n++) await service.post('/v1/executions', { ...start, id: `page-${n}` });
    await eventually(async () => expect(await listed('idPrefix=page-')).toHaveLength(3));
    const first = await service.call('GET', '/v1/executions?idPrefix=page-&limit=2');
    const cursor = String(first.body.nextCursor);
    const second = await service.call('GET', `/v1/executions?idPrefix=page-&limit=2&cursor=${cursor}`);
    const elsewhere = await service.call('GET', `/v1/executions?idPrefix=other-&limit=2&cursor=${cursor}`);
    expect(elsewhere.status).toBe(400);
    const ids = [first, second].flatMap(({ body }) =>
      (body.executions as { id: string }[]).map(({ id }) => id),
    );
    expect(ids.toSorted()).toEqual(['page-0', 'page-1', 'page-2']);
    expect(second.body.nextCursor).toBeUndefined();
  });
});

async function listed(query: string): Promise<string[]> {
  const { body } = await service.call('GET', `/v1/executions?${query}`);
  return (body.executions as { id: string }[]).map(({ id }) => id);
}
