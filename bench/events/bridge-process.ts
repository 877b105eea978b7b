/** A bridge in a process of its own, so that its CPU time can be read. Routes the events that its parent sends. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import pino from 'pino';
import { Registry } from 'prom-client';
import { openMemoryEvents } from '../../backends/events/memory.ts';
import type { EventConsumer } from '../../backends/events/port.ts';
import { createEventRouting } from '../../backends/events/routing.ts';
import { createDefinitions } from '../../backends/store/definitions.ts';
import { openStore } from '../../backends/store/open.ts';
import { defaults } from '../../config/defaults.ts';
import { connectClient } from '../../temporal/connect.ts';
import { createEventDelivery } from '../../temporal/event-delivery.ts';
import { createBridge } from '../../workers/bridge.ts';
import type { CloudEvent } from '../../workflows/contract.ts';
import { defaultLimits } from '../../workflows/contract.ts';
import type { RoundDone } from './bridge-cost.ts';

const [address = '', namespace = '', data = ''] = process.argv.slice(2);
const store = await openStore('sqlite:perdure.db', data);
const connection = await connectClient({ address, tls: false });
const client = new Client({ connection, namespace });
const { bridge: bridgeSettings, deadLetters, inbox } = defaults;
// The bridge's own speed, not that of ten executions.
const signalsPerSecond = 1_000;
const delivery = createEventDelivery(client, { taskQueue: 'bench', limits: defaultLimits, signalsPerSecond });
const routing = createEventRouting({
  store,
  definitions: createDefinitions(store),
  delivery,
  keepMs: inbox.keepMs,
  deadLetters,
  maxBytes: defaultLimits.payloadBytes,
});
const memory = openMemoryEvents();
let done = 0;
const consumer: EventConsumer = {
  consume: (options, handle) =>
    memory.consume(options, async (received) => {
      await handle(received);
      done += 1 + (received.following?.length ?? 0);
    }),
  close: () => memory.close(),
};
const bridge = createBridge({
  consumer,
  routing,
  store,
  delivery,
  settings: { bridge: bridgeSettings, deadLetters, limits: { ...defaultLimits, maxAliases: 100 } },
  registry: new Registry(),
  logger: pino({ level: 'warn' }),
});
await bridge.start();

async function round(events: readonly CloudEvent[]): Promise<RoundDone> {
  const until = done + events.length;
  const before = process.cpuUsage();
  const begun = performance.now();
  for (const event of events) await memory.publish(event);
  while (done < until) await sleep(5);
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1_000, ms: performance.now() - begun };
}

process.on('message', (events: readonly CloudEvent[]) => {
  void round(events).then((one) => process.send?.(one));
});
process.on('disconnect', () => {
  void bridge
    .stop()
    .then(() => connection.close())
    .then(() => store.close())
    .then(() => process.exit(0));
});
process.send?.('ready');
