/** Starts in the middle of a definition, as a caller of the API sees them. */
import { approval, problemOf, startOperationsService } from './operations-service.ts';
import type { OperationsService } from './operations-service.ts';

let service: OperationsService;

const parcel = `do:
  - weigh: { set: { weighed: true } }
  - each:
      for: { each: sku, in: .items }
      do: [{ pack: { set: '\${ . + { packed: ((.packed // []) + [$sku]) } }' } }]
  - careful:
      try: [{ ship: { set: '\${ . + { by: $context.by } }' } }]
      catch: { do: [{ mend: { set: { mended: true } } }] }
  - done: { set: '\${ . + { done: true } }' }
`;

beforeAll(async () => {
  service = await startOperationsService();
  await service.define('parcel', parcel);
}, 120_000);
afterAll(() => service?.stop());

test('the named task is the first to run, on its data and context', async () => {
  const startAt = { task: '/do/2/careful/try/0/ship', data: { weight: 3 }, context: { by: 'post' } };
  expect((await service.begin('parcel', 'ship', { startAt })).status).toBe(202);
  const ended = await service.until('ship', { status: 'completed' });
  expect(ended.output).toEqual({ weight: 3, by: 'post', done: true });
});

test('a loop begins with the iteration that is asked for', async () => {
  const startAt = { task: '/do/1/each/do/0/pack', iterations: { '/do/1/each': 1 } };
  await service.begin('parcel', 'pack', { input: { items: ['a', 'b', 'c'] }, startAt });
  await service.until('pack', { status: 'completed', output: { packed: ['b', 'c'], done: true } });
});

test.each([
  ['/do/2/careful/catch/do/0/mend', {}, '/startAt/task', 'there is no error'],
  ['/do/7/none', {}, '/startAt/task', 'there is no task'],
  [
    '/do/0/weigh',
    { iterations: { '/do/1/each': 0 } },
    '/startAt/iterations/~1do~11~1each',
    'not the reference',
  ],
])('%s with %j is refused before anything starts', async (task, more, pointer, message) => {
  const refused = await service.begin('parcel', 'refused', { startAt: { task, ...more } });
  expect(problemOf(refused)).toEqual([422, 'invalid-start']);
  expect(refused.body.errors).toEqual([{ pointer, message: expect.stringContaining(message) as string }]);
  expect((await service.call('GET', '/v1/executions/refused')).status).toBe(404);
});

test('the place belongs to the request of an idempotency key', async () => {
  const key = { 'idempotency-key': 'start-at' };
  const start = { workflow: 'test/parcel', startAt: { task: '/do/3/done', data: {} } };
  const first = await service.post('/v1/executions', start, key);
  expect((await service.post('/v1/executions', start, key)).body.id).toBe(first.body.id);
  const other = { ...start, startAt: { task: '/do/0/weigh', data: {} } };
  expect(problemOf(await service.post('/v1/executions', other, key))).toEqual([409, 'idempotency-conflict']);
});

test('a TypeScript workflow begins at its beginning', async () => {
  const refused = await service.post('/v1/executions', { ...approval, startAt: { task: '/do/0/a' } });
  expect(problemOf(refused)).toEqual([400, 'invalid-request']);
  expect(refused.body.errors).toMatchObject([{ pointer: '/startAt' }]);
});
