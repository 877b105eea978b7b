/** Executions that a worker runs: their outcome, tasks, messages and history. */
import { resolve } from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { loadWorkflowBundle } from '../workers/bundle.ts';
import type { WorkflowBundle } from '../workers/bundle.ts';
import { eventually, greeting, startService } from './service-under-test.ts';
import type { ServiceUnderTest } from './service-under-test.ts';

const root = resolve(__dirname, '..');
const failing = `document: { dsl: '1.0.3', namespace: shop, name: fail, version: '1.0.0' }
do:
  - stop:
      raise:
        error: { type: 'https://example.com/errors/no-stock', status: 409, title: No stock }
`;
const sleeping = `document: { dsl: '1.0.3', namespace: shop, name: sleep, version: '1.0.0' }
do:
  - doze: { wait: { hours: 1 } }
`;
const approval = {
  workflow: 'approval',
  input: {
    subject: 'A new laptop',
    requestedBy: 'ada',
    approvers: ['bob', 'eve'],
    needed: 2,
    deadlineSeconds: 3_600,
    remindEverySeconds: 3_000,
  },
};

let service: ServiceUnderTest;
let worker: Worker;
let running: Promise<void>;
let workflowBundle: WorkflowBundle;

beforeAll(async () => {
  service = await startService();
  workflowBundle = await loadWorkflowBundle({
    root,
    data: service.settings.data,
    prebuilt: process.env.PERDURE_WORKFLOW_BUNDLE,
    progress: () => undefined,
  });
  const { namespace, taskQueue } = service.settings.temporal;
  const connection = service.temporal.nativeConnection;
  worker = await Worker.create({ connection, namespace, taskQueue, workflowBundle });
  running = worker.run();
  expect((await service.deploy(greeting())).status).toBe(201);
  await service.deploy(failing);
  await service.deploy(sleeping);
});
afterAll(async () => {
  worker?.shutdown();
  await running;
  await service?.stop();
});

it('answers a start with the execution where it ends within the wait', async () => {
  const start = { workflow: 'shop/greet', input: { name: 'Ada' } };
  const { status, body } = await service.post('/v1/executions', start, { prefer: 'wait=20' });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    status: 'completed',
    input: { name: 'Ada' },
    output: { greeting: 'Hello' },
    error: null,
    tasks: [{ seq: 1, reference: '/do/0/hello', name: 'hello', status: 'completed' }],
  });
  expect(body).not.toHaveProperty('tasksUnavailable');
  const result = await service.call('GET', `/v1/executions/${String(body.id)}/result`);
  expect(result.body).toMatchObject({ status: 'completed', output: { greeting: 'Hello' } });
});

it('tells the error of a faulted execution, and lists it by its type', async () => {
  const error = { type: 'https://example.com/errors/no-stock', status: 409, title: 'No stock' };
  const { body } = await service.post('/v1/executions', { workflow: 'shop/fail' }, { prefer: 'wait=20' });
  expect(body).toMatchObject({ status: 'faulted', output: null, error });
  await eventually(async () => {
    const query = `status=faulted&errorType=${encodeURIComponent(error.type)}`;
    const listed = await service.call('GET', `/v1/executions?${query}`);
    expect(listed.body.executions).toMatchObject([{ id: body.id, errorType: error.type, status: 'faulted' }]);
  });
});

it('cancels an execution that waits', async () => {
  await service.post('/v1/executions', { workflow: 'shop/sleep', id: 'sleeper' });
  await eventually(async () => {
    const { body } = await service.call('GET', '/v1/executions/sleeper');
    expect(body.tasks).toMatchObject([{ name: 'doze' }]);
  });
  expect((await service.call('POST', '/v1/executions/sleeper/cancel')).status).toBe(202);
  const result = await service.call('GET', '/v1/executions/sleeper/result', undefined, { prefer: 'wait=20' });
  expect(result.status).toBe(200);
  expect(result.body).toMatchObject({ status: 'cancelled', error: null });
});

it('passes queries, updates and signals to a TypeScript workflow', async () => {
  const approved = '/v1/executions/approval-1';
  await service.post('/v1/executions', { ...approval, id: 'approval-1' });
  const state = await service.call('GET', `${approved}/queries/state`);
  expect(state.body.result).toMatchObject({ subject: 'A new laptop' });
  expect((await service.call('GET', approved)).body).toMatchObject({
    workflow: 'approval',
    input: approval.input,
    tasks: [],
    tasksUnavailable: 'The workflow does not report its tasks',
  });

  const decision = { id: 'd1', who: 'bob', verdict: 'approve' };
  const key = { 'idempotency-key': 'd1' };
  const update = await service.post(`${approved}/updates/decide`, { input: decision }, key);
  expect(update.status).toBe(200);
  expect(await service.post(`${approved}/updates/decide`, { input: decision }, key)).toMatchObject({
    status: 200,
    body: update.body,
  });
  const refused = await service.post(`${approved}/updates/decide`, {
    input: { ...decision, who: 'mallory', id: 'd2' },
  });
  expect(refused.status).toBe(422);
  expect(refused.body.type).toBe('urn:perdure:problem:handler-failed');

  const signal = { input: { id: 'd3', who: 'eve', verdict: 'approve' } };
  expect((await service.post(`${approved}/signals/decide`, signal)).status).toBe(202);
  const result = await service.call('GET', `${approved}/result`, undefined, { prefer: 'wait=20' });
  expect(result.body).toMatchObject({ status: 'completed' });
});

it('says which query or update a workflow does not have', async () => {
  await service.post('/v1/executions', { ...approval, id: 'approval-2' });
  for (const call of [
    service.call('GET', '/v1/executions/approval-2/queries/nothing'),
    service.call('POST', '/v1/executions/approval-2/updates/nothing'),
  ]) {
    const { status, body } = await call;
    expect([status, body.type]).toEqual([404, 'urn:perdure:problem:handler-not-found']);
    expect(body.detail).toContain('"nothing"');
  }
});

it('gives a history that the replayer takes', async () => {
  const start = { workflow: 'shop/greet', input: { name: 'Ada' }, id: 'to-replay' };
  await service.post('/v1/executions', start, { prefer: 'wait=20' });
  const { body } = await service.call('GET', '/v1/executions/to-replay/history');
  await Worker.runReplayHistory({ workflowBundle }, historyFromJSON(body), 'to-replay');
});
