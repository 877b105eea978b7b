/** For tests: a bridge on a store of its own, events in memory, and a Temporal server that the caller brings. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import pino from 'pino';
import { Registry } from 'prom-client';
import { openMemoryEvents } from '../backends/events/memory.ts';
import type { MemoryEvents } from '../backends/events/memory.ts';
import { createEventRouting } from '../backends/events/routing.ts';
import type { EventRouting } from '../backends/events/routing.ts';
import { createSubscriptions } from '../backends/events/subscriptions.ts';
import { createDefinitions } from '../backends/store/definitions.ts';
import { openStore } from '../backends/store/open.ts';
import type { Store } from '../backends/store/port.ts';
import { defaults } from '../config/defaults.ts';
import { checkDefinition } from '../dsl/check.ts';
import { definitionDigest } from '../dsl/digest.ts';
import type { Json } from '../dsl/json.ts';
import { createEventDelivery } from '../temporal/event-delivery.ts';
import { defaultLimits, eventSignal } from '../workflows/contract.ts';
import type { CloudEvent, DeliveredEvent } from '../workflows/contract.ts';
import { createBridge } from './bridge.ts';
import type { Bridge } from './bridge.ts';

export interface BridgeUnderTest {
  readonly bridge: Bridge;
  readonly events: MemoryEvents;
  readonly routing: EventRouting;
  readonly store: Store;
  /** The file of the store. */
  readonly storeFile: string;
  /** Every line of the log, parsed. */
  readonly log: readonly Record<string, unknown>[];
  /** Starts an execution that nobody works on, and subscribes it to a type of events. */
  listener(id: string, type: string): Promise<void>;
  deploy(yaml: string): Promise<void>;
  /** The ids of the events in each signal that an execution got. */
  signals(id: string): Promise<readonly (readonly string[])[]>;
  /** The value of a metric, with its labels as they are written; 0 where it is not there. */
  metric(name: string): Promise<number>;
  stop(): Promise<void>;
}

interface Options {
  readonly signalsPerSecond?: number;
  readonly afterAttempts?: number;
}

const taskQueue = 'bridge-under-test';

/** Starts it; stop it with `stop`. */
export async function startBridgeUnderTest(
  client: Client,
  { signalsPerSecond = 1_000, afterAttempts = 2 }: Options = {},
): Promise<BridgeUnderTest> {
  const data = await mkdtemp(join(tmpdir(), 'perdure-bridge-'));
  const store = await openStore('sqlite:store.db', data);
  const definitions = createDefinitions(store);
  const delivery = createEventDelivery(client, { taskQueue, limits: defaultLimits, signalsPerSecond });
  const deadLetters = { ...defaults.deadLetters, afterAttempts };
  const maxBytes = defaultLimits.payloadBytes;
  const routing = createEventRouting({
    store,
    definitions,
    delivery,
    keepMs: 600_000,
    deadLetters,
    maxBytes,
  });
  const subscriptions = createSubscriptions(store);
  const events = openMemoryEvents();
  const log: Record<string, unknown>[] = [];
  const logger = pino(
    { level: 'debug' },
    { write: (line: string) => void log.push(JSON.parse(line) as Record<string, unknown>) },
  );
  const registry = new Registry();
  const settings = { bridge: defaults.bridge, deadLetters, limits: { ...defaultLimits, maxAliases: 100 } };
  const parts = { consumer: events, routing, store, delivery, settings, registry, logger };
  const bridge = createBridge(parts);
  await bridge.start();
  return {
    bridge,
    events,
    routing,
    store,
    storeFile: join(data, 'store.db'),
    log,
    async listener(workflowId, type) {
      await client.workflow.start('nobody', { workflowId, taskQueue });
      const subscription = { workflowId, seed: workflowId, path: '/do/0', listener: 1 };
      await subscriptions.add([{ type, where: [] }], { kind: 'execution', ...subscription });
    },
    async deploy(yaml) {
      const checked = checkDefinition(yaml);
      if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
      const { definition } = checked;
      await definitions.deploy(definition, definitionDigest(definition), yaml);
      const { namespace, name } = definition.document;
      await routing.definitionChanged(namespace, name);
    },
    async signals(workflowId) {
      const { events: history } = await client.workflow.getHandle(workflowId).fetchHistory();
      return (history ?? []).flatMap(({ workflowExecutionSignaledEventAttributes: signal }) => {
        if (signal?.signalName !== eventSignal) return [];
        const text = Buffer.from(signal.input?.payloads?.[0]?.data ?? []).toString();
        return [(JSON.parse(text) as DeliveredEvent[]).map(({ event }) => event.id)];
      });
    },
    async metric(name) {
      const page = await registry.metrics();
      const line = page.split('\n').find((one) => one.startsWith(`${name} `));
      return Number(line?.slice(name.length) ?? 0);
    },
    async stop() {
      await bridge.stop();
      await events.close();
      await store.close();
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** An event of a type, with whatever else. */
export function anEvent(type: string, id: string, more: Readonly<Record<string, Json>> = {}): CloudEvent {
  return { specversion: '1.0', id, source: '/bridge', type, ...more };
}
