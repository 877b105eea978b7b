/**
 * An execution hears a hundred events a second while it continues as new all the time, is asked how it stands, and is
 * suspended and resumed: each event acts once, in order.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import {
  defaultNamespace,
  eventSignal,
  operationUpdates,
  statusQuery,
  type CloudEvent,
  type DeliveredEvent,
  type OperationAnswer,
  type StatusReport,
} from '../../workflows/contract.ts';
import { apiClient } from '../client.ts';
import { startDefinitionService } from '../engine/definition-service.ts';
import { listening } from '../engine/events-under-test.ts';
import { startPartner } from '../partner.ts';
import { anySeed } from '../random.ts';
import { eventually, startService } from '../service-process.ts';
import {
  bySensor,
  expectedOf,
  endOfReadings,
  listenToReadings,
  sendReadings,
  type Reading,
  type Sensors,
} from './readings.ts';
import { mostEvents, mostHistoryBytes, runsOf, type RunSize } from './runs.ts';

const root = join(__dirname, '../..');
const plan: Sensors = { sensors: 4, perSecond: 100, seconds: 30, seed: anySeed() };
// The least that can be configured: an execution that gets a hundred signals is beyond it.
const historyEvents = 100;
const fewestRuns = 6;

interface Asked {
  /** How many task runs there have been so far. */
  tasks(): Promise<number>;
  suspend(): Promise<unknown>;
  resume(): Promise<unknown>;
}

/** Asks an execution how it stands, and suspends and resumes it, while `work` goes on. Each has to be answered. */
async function disturbDuring(work: Promise<void>, asked: Asked): Promise<void> {
  let isOver = false;
  const over = work.finally(() => {
    isOver = true;
  });
  let [questions, suspensions, last] = [0, 0, 0];
  const ask = async (): Promise<void> => {
    for (; !isOver; await delay(250)) {
      const tasks = await asked.tasks();
      expect(tasks).toBeGreaterThanOrEqual(last);
      last = tasks;
      questions += 1;
    }
  };
  const hold = async (): Promise<void> => {
    for (; !isOver; await delay(4_000)) {
      await asked.suspend();
      await delay(500);
      await asked.resume();
      suspensions += 1;
    }
  };
  await Promise.all([over, ask(), hold()]);
  console.log(`seed ${plan.seed}: ${questions} questions and ${suspensions} suspensions while events came`);
  expect(Math.min(questions, suspensions)).toBeGreaterThan(0);
}

function expectManyRuns(runs: readonly RunSize[]): void {
  console.log(`${runs.length} runs`);
  expect(runs.length).toBeGreaterThanOrEqual(fewestRuns);
  expect(Math.max(...runs.map(({ historyLength }) => historyLength))).toBeLessThan(mostEvents);
  expect(Math.max(...runs.map(({ historyBytes }) => historyBytes))).toBeLessThan(mostHistoryBytes);
}

test('through POST /v1/events, with a call for every tenth event', async () => {
  const called: { readonly key: string; readonly reading: Reading }[] = [];
  const partner = await startPartner(async ({ key, body }) => {
    called.push({ key, reading: JSON.parse(body) as Reading });
    return {};
  });
  const folder = await mkdtemp(join(tmpdir(), 'perdure-config-'));
  const config = join(folder, 'config.yaml');
  await writeFile(config, `limits: { historyEvents: ${historyEvents} }\n`);
  const service = await startService(root, {
    PERDURE_CONFIG: config,
    PERDURE_OUTGOING_ALLOW: new URL(partner.url).host,
  });
  const connection = await Connection.connect({ address: service.temporalAddress });
  try {
    const api = apiClient(service.url);
    await api.deploy(`
document: { dsl: '1.0.3', namespace: long, name: hears, version: '1.0.0' }
do:
  - hear:
      ${listenToReadings}
      foreach:
        item: reading
        do:
          - tell:
              if: \${ $reading[1] % 10 == 0 }
              call: http
              with: { method: post, endpoint: '${partner.url}/tell', body: '\${ $reading }' }
          - give: { set: '\${ $reading }' }
`);
    const { id } = (await api.start({ workflow: 'long/hears', input: {} })).body;
    await eventually('the listener', async () => (await api.get(id)).status === 'waiting' || undefined);

    const answered = (what: string, call: () => Promise<{ readonly status: number }>, status: number) =>
      eventually(what, async () => (await call()).status === status || undefined, {
        details: service.output,
      });
    const post = async (due: readonly CloudEvent[]): Promise<void> => {
      await answered('events are taken', () => postEvents(service.url, due), 202);
    };
    const sending = sendReadings(plan, post);
    await disturbDuring(sending, {
      tasks: () =>
        eventually('the tasks', async () => {
          const { tasks, omittedTasks, tasksUnavailable } = await api.get(id);
          return tasksUnavailable === undefined ? tasks.length + omittedTasks : undefined;
        }),
      suspend: () => answered('suspend', () => api.post(`/v1/executions/${id}/suspend`, {}), 200),
      resume: () => answered('resume', () => api.post(`/v1/executions/${id}/resume`, {}), 200),
    });
    await post([endOfReadings]);
    const ended = await api.ended(id, 120_000);
    expect([ended.status, ended.error]).toEqual(['completed', null]);
    expect(bySensor(ended.output as Reading[], plan.sensors)).toEqual(expectedOf(plan));
    const tenths = expectedOf(plan).map((readings) => readings.filter((n) => n % 10 === 0));
    const firstCalls = called.filter(
      ({ key }, nth) => called.findIndex((other) => other.key === key) === nth,
    );
    expect(
      bySensor(
        firstCalls.map(({ reading }) => reading),
        plan.sensors,
      ),
    ).toEqual(tenths);
    expectManyRuns(await runsOf(new Client({ connection, namespace: defaultNamespace }), id));
  } finally {
    await connection.close();
    await service.stop();
    await partner.close();
    await rm(folder, { recursive: true, force: true });
  }
}, 300_000);

test('as signals that its client sends to Temporal', async () => {
  const service = await startDefinitionService(root, []);
  try {
    const handle = await service.start(
      `do: [{ hear: { ${listenToReadings}, foreach: { item: reading, do: [{ give: { set: '\${ $reading }' } }] } } }]`,
      {},
      { historyEvents },
    );
    await listening(handle);
    const { documents } = await service.store.scan('subscription/', { limit: 1 });
    const seed = String((documents[0]?.value as { readonly seed?: string } | undefined)?.seed);
    const signal = (due: readonly CloudEvent[]): Promise<void> => {
      const batch: readonly DeliveredEvent[] = due.map((event) => ({ seed, event }));
      return handle.signal(eventSignal, batch);
    };
    const sending = sendReadings(plan, signal);
    // Temporal gives queries and updates up, to be made again, where a signal comes in while a run ends.
    const update = (name: string) => () =>
      eventually(name, () => handle.executeUpdate<OperationAnswer, []>(name));
    await disturbDuring(sending, {
      tasks: () =>
        eventually('the tasks', async () => {
          const { tasks, omittedTasks } = await handle.query<StatusReport>(statusQuery);
          return tasks.length + omittedTasks;
        }),
      suspend: update(operationUpdates.suspend),
      resume: update(operationUpdates.resume),
    });
    await signal([endOfReadings]);
    const { output, error } = await service.ended(handle);
    expect(error).toBeUndefined();
    expect(bySensor(output as unknown as Reading[], plan.sensors)).toEqual(expectedOf(plan));
    expectManyRuns(await runsOf(service.client, handle.workflowId));
  } finally {
    await service.close();
  }
}, 300_000);

async function postEvents(url: string, events: readonly CloudEvent[]): Promise<Response> {
  const headers = { 'content-type': 'application/cloudevents-batch+json' };
  return await fetch(`${url}/v1/events`, { method: 'POST', headers, body: JSON.stringify(events) });
}
