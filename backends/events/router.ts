/** The one way of an event: into the inbox, to everyone in the index, and only then is it acknowledged. */
import { createHash } from 'node:crypto';
import { eventIdentity, readEvent } from '../../dsl/events/cloud-event.ts';
import type { CloudEvent } from '../../dsl/events/cloud-event.ts';
import { filtersOf, offerEvent } from '../../dsl/events/consumption.ts';
import { scheduleExpressions } from '../../dsl/events/evaluate-on-event.ts';
import { filterEvent } from '../../dsl/events/filter.ts';
import { canonicalJson } from '../../dsl/json.ts';
import type { Definition, EventConsumptionStrategy } from '../../dsl/types.ts';
import { runtimeVersion } from '../../workflows/contract.ts';
import type { EventDelivery } from './delivery.ts';
import type { Inbox } from './inbox.ts';
import type { FoundSubscriber, Subscriptions, TriggerSubscriber } from './subscriptions.ts';
import type { EventTriggers } from './triggers.ts';

/** What an event has set in motion. */
export interface RoutedEvent {
  readonly event: CloudEvent;
  /** The event came before, and the inbox still has it. */
  readonly known: boolean;
  /** Ids of the executions that listen for events like it and got it; their filters may still pass it over. */
  readonly delivered: readonly string[];
  /** Ids of the executions that it started, now or when it came before. */
  readonly started: readonly string[];
}

export interface EventRouter {
  /**
   * Routes events in their order. Resolves once everyone has them; fails when the store or Temporal did, and may then be
   * repeated as a whole: nothing acts twice on an event with the same source and id.
   */
  route(events: readonly CloudEvent[]): Promise<readonly RoutedEvent[]>;
}

export interface RouterParts {
  readonly inbox: Inbox;
  readonly subscriptions: Subscriptions;
  readonly triggers: EventTriggers;
  readonly delivery: EventDelivery;
  /** How long the inbox keeps an event, in milliseconds. */
  readonly keepMs: number;
}

/** The router on the store's indexes and on Temporal. */
export function createEventRouter({
  inbox,
  subscriptions,
  triggers,
  delivery,
  keepMs,
}: RouterParts): EventRouter {
  /** Resolves to the execution's id if it got the event. Its entry goes when nobody has that id any more. */
  async function deliver(
    { key, subscriber }: FoundSubscriber,
    event: CloudEvent,
  ): Promise<readonly string[]> {
    if (subscriber.kind === 'trigger') return [];
    const { workflowId, seed } = subscriber;
    if (await delivery.deliver(workflowId, { seed, event })) return [workflowId];
    await subscriptions.drop(key);
    return [];
  }

  /** Resolves to the id of the execution that the event started. */
  async function trigger(
    key: string,
    subscriber: TriggerSubscriber,
    event: CloudEvent,
  ): Promise<readonly string[]> {
    const definition = await triggers.current(subscriber);
    const on = definition?.schedule?.on;
    if (definition === undefined || on === undefined) {
      await subscriptions.drop(key);
      return [];
    }
    if (!wants(definition, on, event)) return [];
    const { namespace, name } = subscriber;
    const recipient = { definition: `${namespace}/${name}`, seed: `event-trigger ${subscriber.digest}` };
    if (needsOneEvent(on)) {
      const id = startId(definition, event);
      await delivery.start(id, definition, [readEvent(event, definition.schedule?.read)]);
      await inbox.noteConsumed(eventIdentity(event), recipient);
      return [id];
    }
    await delivery.collect(collectorId(subscriber), definition, subscriber.digest, event);
    await inbox.noteConsumed(eventIdentity(event), recipient);
    return [];
  }

  /** The outer promise: the event stands in line for everyone. The inner one: everyone has it. */
  async function begin(event: CloudEvent): Promise<() => Promise<RoutedEvent>> {
    const { known } = await inbox.add(event, keepMs);
    // After the inbox was written: a listener that is not found by now will find the event there.
    const found = onePerSubscriber(await subscriptions.find(event));
    const deliveries = Promise.all(found.map((one) => deliver(one, event)));
    const starts = Promise.all(
      found.map(async ({ key, subscriber }) =>
        subscriber.kind === 'trigger' ? await trigger(key, subscriber, event) : [],
      ),
    );
    const both = Promise.all([deliveries, starts]);
    // Read by whoever called, later: it must not end the process before that.
    both.catch(() => undefined);
    return async () => {
      const [delivered, started] = await both;
      return { event, known, delivered: delivered.flat(), started: started.flat() };
    };
  }

  return {
    async route(events) {
      const routed: (() => Promise<RoutedEvent>)[] = [];
      for (const event of events) routed.push(await begin(event));
      return await Promise.all(routed.map((end) => end()));
    },
  };
}

/** The workflow that collects the events of a `schedule.on` which needs more than one. */
export function collectorId({ namespace, name, version, digest }: TriggerSubscriber): string {
  return `event-trigger/${namespace}/${name}/${version}/${digest.slice(0, 12)}`;
}

/** Whether each event that matches starts an execution of its own. */
function needsOneEvent({ one, any, until }: EventConsumptionStrategy): boolean {
  return one !== undefined || (any !== undefined && until === undefined);
}

function wants({ evaluate }: Definition, on: EventConsumptionStrategy, event: CloudEvent): boolean {
  const runtime = { name: 'perdure', version: runtimeVersion, metadata: {} };
  const expressions = scheduleExpressions(evaluate?.mode ?? 'strict', { runtime }, Date.now);
  if (needsOneEvent(on)) return offerEvent(on, {}, event, expressions).taken === 'consumed';
  const filters = filtersOf(on);
  return filters?.some((filter) => filterEvent(filter, event, {}, expressions) !== undefined) ?? true;
}

/** One event starts one execution of a definition, whichever of its versions the event came upon. */
function startId({ document }: Definition, { source, id }: CloudEvent): string {
  const { namespace, name } = document;
  const hash = createHash('sha256')
    .update(canonicalJson([namespace, name, source, id]))
    .digest('hex');
  return `${name}-${hash.slice(0, 32)}`;
}

/** An execution gets an event once, however many of its listeners want it. */
function onePerSubscriber(found: readonly FoundSubscriber[]): readonly FoundSubscriber[] {
  const byAddress = new Map(
    found.map((one) => {
      const { subscriber } = one;
      const address =
        subscriber.kind === 'execution'
          ? [subscriber.workflowId, subscriber.seed]
          : [subscriber.namespace, subscriber.name, subscriber.version, subscriber.digest];
      return [JSON.stringify(address), one] as const;
    }),
  );
  return [...byAddress.values()];
}
