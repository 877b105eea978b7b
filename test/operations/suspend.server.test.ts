/** Suspend and resume, as a caller of the API sees them. */
import { approval, eventually, problemOf, startOperationsService } from './operations-service.ts';
import type { OperationsService } from './operations-service.ts';

let service: OperationsService;

beforeAll(async () => {
  service = await startOperationsService({ historyEvents: 20 });
  await service.define('long', 'do: [{ doze: { wait: { hours: 1 } } }, { end: { set: { ended: true } } }]');
  await service.define(
    'short',
    'do: [{ doze: { wait: { seconds: 1 } } }, { end: { set: { ended: true } } }]',
  );
  // Each round is an activity, and so some events: it continues as new all the time.
  await service.define(
    'rounds',
    `do:
  - tell: { emit: { event: { with: { source: https://example.com, type: test.told } } } }
  - again: { set: { again: true }, then: tell }`,
  );
}, 120_000);
afterAll(() => service?.stop());

test('an execution is held at its next task, and goes on at resume', async () => {
  await service.begin('short', 'held-up');
  const suspended = await service.operate('held-up', 'suspend');
  expect(suspended).toMatchObject({ status: 200, body: { id: 'held-up', status: 'suspended' } });
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const shown = await service.show('held-up');
  expect(shown).toMatchObject({ status: 'suspended', held: false, endedAt: null });
  expect(Date.parse(String(shown.suspendedAt))).toBeGreaterThan(Date.parse(String(shown.startedAt)));
  await eventually(async () => {
    const { body } = await service.call('GET', '/v1/executions?status=suspended&idPrefix=held-up');
    expect(body.executions).toMatchObject([{ id: 'held-up', status: 'suspended', held: false }]);
  });

  expect((await service.operate('held-up', 'resume')).status).toBe(200);
  const ended = await service.until('held-up', { status: 'completed', output: { ended: true } });
  expect(ended).not.toHaveProperty('suspendedAt');
});

test('a dry run says what is under way and whether anything would change, and changes nothing', async () => {
  await service.begin('long', 'dry');
  await service.until('dry', { tasks: [{ name: 'doze' }] });
  const first = await service.operate('dry', 'suspend?dryRun=true');
  expect(first).toMatchObject({
    status: 200,
    body: { id: 'dry', dryRun: true, status: 'waiting', wouldChange: true, tasks: [{ name: 'doze' }] },
  });
  expect((await service.operate('dry', 'resume?dryRun=true')).body.wouldChange).toBe(false);
  expect((await service.show('dry')).status).toBe('waiting');

  await service.operate('dry', 'suspend');
  expect((await service.operate('dry', 'suspend?dryRun=true')).body.wouldChange).toBe(false);
  expect((await service.operate('dry', 'resume?dryRun=true')).body.wouldChange).toBe(true);
});

test('a repeat is no second suspension, also after a resume when it has the key of the first', async () => {
  await service.begin('long', 'again');
  const first = await service.operate('again', 'suspend', {}, 's1');
  const since = (await service.show('again')).suspendedAt;
  expect((await service.operate('again', 'suspend')).body.status).toBe('suspended');
  expect((await service.show('again')).suspendedAt).toBe(since);

  await service.operate('again', 'resume');
  expect(await service.operate('again', 'suspend', {}, 's1')).toMatchObject({
    status: 200,
    body: first.body,
  });
  expect(await service.show('again')).not.toHaveProperty('suspendedAt');
});

test('neither is lost while the execution goes from run to run', async () => {
  await service.begin('rounds', 'rounds');
  const runs = new Set<unknown>();
  for (let round = 0; round < 6; round++) {
    const suspended = await service.operate('rounds', 'suspend');
    expect(suspended).toMatchObject({ status: 200, body: { status: 'suspended' } });
    expect((await service.operate('rounds', 'resume')).status).toBe(200);
    runs.add((await service.show('rounds')).runId);
  }
  expect(runs.size).toBeGreaterThan(2);
  await service.operate('rounds', 'terminate');
});

test('a suspended execution can be cancelled', async () => {
  await service.begin('long', 'to-cancel');
  await service.operate('to-cancel', 'suspend');
  expect((await service.operate('to-cancel', 'cancel')).status).toBe(202);
  await service.until('to-cancel', { status: 'cancelled' });
});

test('one that is terminated while it is suspended is suspended no more', async () => {
  await service.begin('long', 'to-end');
  await service.operate('to-end', 'suspend');
  await service.operate('to-end', 'terminate');
  expect(await service.until('to-end', { status: 'cancelled' })).not.toHaveProperty('suspendedAt');
});

test('only open executions of definitions are suspended', async () => {
  await service.post('/v1/executions', { ...approval, id: 'typescript' });
  const refused = await service.operate('typescript', 'suspend');
  expect(problemOf(refused)).toEqual([409, 'operation-not-supported']);
  expect(refused.body.detail).toContain('approval');

  await service.begin('short', 'over');
  await service.until('over', { status: 'completed' });
  for (const operation of ['suspend', 'resume', 'suspend?dryRun=true'])
    expect(problemOf(await service.operate('over', operation))).toEqual([409, 'execution-ended']);
  expect(problemOf(await service.operate('nobody', 'suspend'))).toEqual([404, 'execution-not-found']);
  expect(problemOf(await service.operate('over', 'suspend', { why: 1 }))).toEqual([400, 'invalid-request']);
});
