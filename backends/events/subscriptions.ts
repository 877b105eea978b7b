/**
 * Who wants which events: an index by type and by the values that events must have. It is coarse: it finds all who want
 * an event and some who do not; whoever is found looks at the event again with the filters themselves.
 */
import { indexedValue } from '../../dsl/events/evaluate-on-event.ts';
import type { CloudEvent } from '../../dsl/events/cloud-event.ts';
import type { EventRoute } from '../../dsl/events/routes.ts';
import { isJsonObject } from '../../dsl/json.ts';
import type { Json } from '../../dsl/json.ts';
import { isLifecycleType } from '../../workflows/contract.ts';
import type { Subscription } from '../../workflows/contract.ts';
import type { Store, StoredDocument } from '../store/port.ts';
import { anyTypeKey, subscriptionKeys, typeKey } from './event-keys.ts';

/** A definition that starts by events. */
export interface TriggerSubscriber {
  readonly kind: 'trigger';
  readonly namespace: string;
  readonly name: string;
  readonly version: string;
  /** The definition's: a version may be removed and deployed with other content. */
  readonly digest: string;
}

export type Subscriber = ({ readonly kind: 'execution' } & Subscription) | TriggerSubscriber;

/** A subscriber, and under which key it was found. */
export interface FoundSubscriber {
  readonly key: string;
  readonly subscriber: Subscriber;
}

/** The index in the store. Fails with a `StoreError`. */
export interface Subscriptions {
  add(routes: readonly EventRoute[], subscriber: Subscriber): Promise<void>;
  remove(routes: readonly EventRoute[], subscriber: Subscriber): Promise<void>;
  /**
   * Everyone who may want the event; a subscriber of several routes may come more than once. Lifecycle events find those
   * alone who name their type: who listens to everything must not wake itself for ever.
   */
  find(event: CloudEvent): Promise<readonly FoundSubscriber[]>;
  /** Whether anybody has ever asked for events of this very type. */
  isNamed(type: string): Promise<boolean>;
  /** Removes an entry that turned out to lead nowhere. */
  drop(key: string): Promise<void>;
}

/** The index on `store`. */
export function createSubscriptions(store: Store): Subscriptions {
  async function all(prefix: string): Promise<readonly StoredDocument[]> {
    const documents: StoredDocument[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.scan(prefix, { limit: 500, ...(cursor === undefined ? {} : { cursor }) });
      documents.push(...page.documents);
      cursor = page.cursor;
    } while (cursor !== undefined);
    return documents;
  }

  async function ofType(type: string, event: CloudEvent): Promise<readonly FoundSubscriber[]> {
    const found: FoundSubscriber[] = [];
    for (const { key, value } of await all(subscriptionKeys.shapes(type))) {
      const values = expressionsOf(value).map((from) => indexedValue(from, event));
      if (!values.every((one) => one !== undefined)) continue;
      const shape = key.slice(key.lastIndexOf('/') + 1);
      for (const document of await all(subscriptionKeys.matching(type, shape, values))) {
        // Written by this file.
        found.push({ key: document.key, subscriber: document.value as object as Subscriber });
      }
    }
    return found;
  }

  return {
    async add(routes, subscriber) {
      const value: Json = { ...subscriber };
      for (const route of routes) {
        // A shape stays: there are as many as ways to write filters, and whoever comes next needs it again.
        await store.put(
          subscriptionKeys.shape(route),
          { from: route.where.map(({ from }) => from) },
          'absent',
        );
        await store.put(subscriptionKeys.subscription(route, nameOf(subscriber)), value, 'any');
      }
    },
    async remove(routes, subscriber) {
      for (const route of routes) {
        await store.delete(subscriptionKeys.subscription(route, nameOf(subscriber)), 'any');
      }
    },
    find: async (event) => [
      ...(await ofType(typeKey(event.type), event)),
      ...(isLifecycleType(event.type) ? [] : await ofType(anyTypeKey, event)),
    ],
    isNamed: async (type) => {
      const { documents } = await store.scan(subscriptionKeys.shapes(typeKey(type)), { limit: 1 });
      return documents.length > 0;
    },
    drop: async (key) => {
      await store.delete(key, 'any');
    },
  };
}

function nameOf(subscriber: Subscriber): string {
  if (subscriber.kind === 'execution') {
    const { workflowId, seed, path, listener } = subscriber;
    return JSON.stringify([workflowId, seed, path, listener]);
  }
  const { namespace, name, version, digest } = subscriber;
  return JSON.stringify([namespace, name, version, digest]);
}

function expressionsOf(value: Json): readonly string[] {
  const from = isJsonObject(value) ? value['from'] : undefined;
  if (!Array.isArray(from)) return [];
  return (from as readonly Json[]).filter((one) => typeof one === 'string');
}
