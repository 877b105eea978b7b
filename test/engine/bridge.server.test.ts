/** What the bridge promises of events, from the event system to executions that run: once, also early, and seen by all. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pino from 'pino';
import { Registry } from 'prom-client';
import { openMemoryEvents } from '../../backends/events/memory.ts';
import { createEventRouting } from '../../backends/events/routing.ts';
import { createDefinitions } from '../../backends/store/definitions.ts';
import { defaults } from '../../config/defaults.ts';
import { createBridge, type Bridge } from '../../workers/bridge.ts';
import { defaultLimits, type CloudEvent } from '../../workflows/contract.ts';
import { startDefinitionService, type DefinitionService } from './definition-service.ts';
import { anEvent, listening } from './events-under-test.ts';

const root = join(__dirname, '../..');
// It forgets an event with the next one, and delivers it again when it comes again: as a broker does.
const events = openMemoryEvents(1);
let service: DefinitionService;
const bridges: Bridge[] = [];

/** Starts a bridge with an inbox that keeps events for so long. */
async function startBridge(keepMs = 600_000): Promise<Bridge> {
  const { store, delivery } = service;
  const { deadLetters, bridge: settings } = defaults;
  const bridge = createBridge({
    consumer: events,
    routing: createEventRouting({
      store,
      delivery,
      definitions: createDefinitions(store),
      keepMs,
      deadLetters,
      maxBytes: defaultLimits.payloadBytes,
    }),
    store,
    delivery,
    settings: { bridge: settings, deadLetters, limits: { ...defaultLimits, maxAliases: 100 } },
    registry: new Registry(),
    logger: pino({ level: 'silent' }),
  });
  await bridge.start();
  bridges.push(bridge);
  return bridge;
}

beforeAll(async () => {
  service = await startDefinitionService(root, [], {}, events);
}, 120_000);
afterEach(async () => {
  for (const bridge of bridges.splice(0)) await bridge.stop();
});
afterAll(() => service?.close());

let others = 0;

/** Lets the event system forget what came last, with an event that is nobody's. */
async function forget(): Promise<void> {
  others += 1;
  await events.publish(anEvent('o.other', others));
}

async function publishAgain(event: CloudEvent, times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    await events.publish(event);
    await forget();
  }
}

/** The ids of executions of a definition, once there is one and no more come. */
async function startsOf(name: string): Promise<readonly string[]> {
  const query = `WorkflowType = 'start.${name}'`;
  for (let found: string[] = []; ;) {
    const before = found.length;
    found = [];
    for await (const { workflowId } of service.client.workflow.list({ query })) found.push(workflowId);
    if (found.length > 0 && found.length === before) return found;
    await delay(1_000);
  }
}

test('a definition starts once however often its event is delivered, by whichever bridge, also late', async () => {
  const first = await startBridge();
  await startBridge();
  await service.deploy(`document: { dsl: '1.0.3', namespace: start, name: ordered, version: '1.0.0' }
schedule: { on: { one: { with: { type: b.ordered } } } }
do: [{ tell: { set: { event: '\${ . }' } } }]`);
  const event = anEvent('b.ordered', 1);
  await publishAgain(event, 10);
  // By HTTP at the same time, and when the bridge that had it is gone.
  await Promise.all([service.routing.router.route([event]), service.routing.router.route([event])]);
  await first.stop();
  await publishAgain(event, 5);
  const [id = '', ...more] = await startsOf('ordered');
  expect(more).toEqual([]);
  expect(await service.client.workflow.getHandle(id).result()).toEqual({ event: [1] });

  // When the execution has ended, and the inbox has forgotten the event.
  await startBridge(1);
  await publishAgain(event, 5);
  await delay(1_000);
  expect(await startsOf('ordered')).toEqual([id]);
});

test('an event that comes 30 seconds before its listener is received by it', async () => {
  await startBridge();
  await events.publish(anEvent('b.early', { order: 'B' }));
  await events.publish(anEvent('b.early', { order: 'A' }));
  await delay(30_000);
  const filter = `{ with: { type: b.early }, correlate: { order: { from: .data.order, expect: '\${ .order }' } } }`;
  const handle = await service.start(`do: [{ hear: { listen: { to: { one: ${filter} } } } }]`, {
    order: 'A',
  });
  expect((await service.ended(handle)).output).toEqual([{ order: 'A' }]);
  const { entries } = await service.routing.inbox.list({ type: 'b.early', limit: 10 });
  expect(entries.map(({ recipients }) => recipients.length)).toEqual([0, 1]);
}, 90_000);

test('an event that matches nobody can be seen, and ages out', async () => {
  await startBridge(2_000);
  const handle = await service.start(
    `do: [{ hear: { listen: { to: { one: { with: { type: b.nobody, subject: somebody } } } } } }]`,
    {},
  );
  await listening(handle);
  await events.publish(anEvent('b.nobody', null, { subject: 'nobody' }));
  const seen = async (): Promise<object[]> => {
    const { entries } = await service.routing.inbox.list({ type: 'b.nobody', matched: false, limit: 10 });
    return entries.map(({ event, receivedAt, expiresAt }) => ({
      subject: event['subject'],
      keptMs: expiresAt - receivedAt,
    }));
  };
  while ((await seen()).length === 0) await delay(10);
  expect(await seen()).toEqual([{ subject: 'nobody', keptMs: 2_000 }]);
  await delay(2_100);
  expect(await seen()).toEqual([]);
  // The bridge removes it from the store, too, with the document that knows it by source and id.
  const left = async (): Promise<number> => {
    const { documents } = await service.store.scan('inbox/t-b.nobody/', { limit: 10 });
    return documents.length;
  };
  while ((await left()) > 0) await delay(200);
  await handle.terminate();
}, 90_000);
