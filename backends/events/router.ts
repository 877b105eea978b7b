/** The one way of an event: into the inbox, to everyone in the index, and only then is it acknowledged. */
import { createHash } from 'node:crypto';
import { eventIdentity, readEvent } from '../../dsl/events/cloud-event.ts';
import type { CloudEvent } from '../../dsl/events/cloud-event.ts';
import { filtersOf, offerEvent } from '../../dsl/events/consumption.ts';
import { scheduleExpressions } from '../../dsl/events/evaluate-on-event.ts';
import { filterEvent } from '../../dsl/events/filter.ts';
import { canonicalJson } from '../../dsl/json.ts';
import type { Definition, EventConsumptionStrategy } from '../../dsl/types.ts';
import { isLifecycleType, runtimeVersion } from '../../workflows/contract.ts';
import type { Subscription } from '../../workflows/contract.ts';
import type { EventDelivery } from './delivery.ts';
import { routingFailure } from './failure.ts';
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
   * repeated as a whole: nothing acts twice on an event with the same source and id, for a day at least. `reached` has
   * for each event who has it: whoever gets it is put in, and whoever is in does not get it again, however late.
   */
  route(events: readonly CloudEvent[], reached?: readonly Set<string>[]): Promise<readonly RoutedEvent[]>;
}

export interface RouterParts {
  readonly inbox: Inbox;
  readonly subscriptions: Subscriptions;
  readonly triggers: EventTriggers;
  readonly delivery: EventDelivery;
  /** How long the inbox keeps an event, in milliseconds. */
  readonly keepMs: number;
}

/** The id of an execution that an event reached, or that it started. */
interface Reached {
  readonly delivered?: string;
  readonly started?: string;
}

/** One who is to have an event, and how. */
interface Recipient {
  readonly address: string;
  readonly handOver: () => Promise<Reached>;
}

/** The router on the store's indexes and on Temporal. */
export function createEventRouter({
  inbox,
  subscriptions,
  triggers,
  delivery,
  keepMs,
}: RouterParts): EventRouter {
  /** Hands the event to an execution. Its entry goes when nobody has that id any more. */
  async function deliver(
    key: string,
    { workflowId, seed }: Subscription,
    event: CloudEvent,
  ): Promise<Reached> {
    if (await delivery.deliver(workflowId, { seed, event })) return { delivered: workflowId };
    await subscriptions.drop(key);
    return {};
  }

  /** Hands the event to a definition that it starts, alone or with others. */
  async function trigger(
    subscriber: TriggerSubscriber,
    definition: Definition,
    event: CloudEvent,
  ): Promise<Reached> {
    const { namespace, name, digest } = subscriber;
    const { on, read } = definition.schedule ?? {};
    const startsAlone = on !== undefined && needsOneEvent(on);
    const id = startId(definition, event);
    if (startsAlone) await delivery.start(id, definition, [readEvent(event, read)]);
    else await delivery.collect(collectorId(subscriber), definition, digest, event);
    const recipient = { definition: `${namespace}/${name}`, seed: `event-trigger ${digest}` };
    await inbox.noteConsumed(eventIdentity(event), recipient);
    return startsAlone ? { started: id } : {};
  }

  /** Everything that has to be known before the event can be handed over; what it gives does that at once. */
  async function prepare(
    { key, subscriber }: FoundSubscriber,
    event: CloudEvent,
  ): Promise<() => Promise<Reached>> {
    if (subscriber.kind === 'execution') return () => deliver(key, subscriber, event);
    const definition = await triggers.current(subscriber);
    const on = definition?.schedule?.on;
    if (definition !== undefined && on !== undefined) {
      return wants(definition, on, event) ? () => trigger(subscriber, definition, event) : async () => ({});
    }
    await subscriptions.drop(key);
    return async () => ({});
  }

  async function recipientsOf(event: CloudEvent): Promise<readonly Recipient[]> {
    const found = byAddress(await subscriptions.find(event));
    return await Promise.all(
      Array.from(found, async ([address, one]) => ({ address, handOver: await prepare(one, event) })),
    );
  }

  /** Hands the event to all at once; fails when one of them did not get it, but not before all have had their turn. */
  async function handOver(
    event: CloudEvent,
    known: boolean,
    recipients: readonly Recipient[],
    had: Set<string>,
  ): Promise<RoutedEvent> {
    const results = await Promise.allSettled(
      recipients
        .filter(({ address }) => !had.has(address))
        .map(async ({ address, handOver }) => {
          const reached = await handOver();
          had.add(address);
          return reached;
        }),
    );
    const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    // Where one is only away, the event is not to be given up for the others' sake.
    const failure = failures.find((error) => routingFailure(error, delivery) === 'away') ?? failures[0];
    if (failures.length > 0) throw failure;
    const reached = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    return {
      event,
      known,
      delivered: reached.flatMap(({ delivered }) => delivered ?? []),
      started: reached.flatMap(({ started }) => started ?? []),
    };
  }

  /** Whether the event is anybody's. Of lifecycle events there are many, and mostly nobody in here wants any. */
  async function concernsSomebody({ type }: CloudEvent): Promise<boolean> {
    return !isLifecycleType(type) || (await subscriptions.isNamed(type));
  }

  return {
    async route(events, reached = []) {
      const concern = await Promise.all(events.map(concernsSomebody));
      const routed = events.filter((_, index) => concern[index]);
      const known = await inbox.add(routed, keepMs);
      // After the inbox was written: a listener that is not found by now will find the event there.
      const recipients = await Promise.all(routed.map(recipientsOf));
      // All stand in line before the first has its event: in order for each of them, and together where there are many.
      let next = 0;
      return await allOrFirstFailure(
        events.map((event, index) => {
          if (!concern[index]) return { event, known: false, delivered: [], started: [] };
          const place = next++;
          return handOver(event, known[place] ?? false, recipients[place] ?? [], reached[index] ?? new Set());
        }),
      );
    },
  };
}

/** As `Promise.all`, but it waits for all of them: what is under way is over when it fails. */
async function allOrFirstFailure<T>(promises: readonly (T | Promise<T>)[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return await Promise.all(promises);
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

/** By address: an execution gets an event once, however many of its listeners want it. */
function byAddress(found: readonly FoundSubscriber[]): ReadonlyMap<string, FoundSubscriber> {
  return new Map(
    found.map((one) => {
      const { subscriber } = one;
      const address =
        subscriber.kind === 'execution'
          ? [subscriber.workflowId, subscriber.seed]
          : [subscriber.namespace, subscriber.name, subscriber.version, subscriber.digest];
      return [JSON.stringify(address), one] as const;
    }),
  );
}
