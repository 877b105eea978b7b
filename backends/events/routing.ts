import type { Definitions } from '../store/definitions.ts';
import type { Store } from '../store/port.ts';
import type { EventDelivery } from './delivery.ts';
import { createInbox } from './inbox.ts';
import type { Inbox } from './inbox.ts';
import { collectorId, createEventRouter } from './router.ts';
import type { EventRouter } from './router.ts';
import { createSubscriptions } from './subscriptions.ts';
import { createEventTriggers } from './triggers.ts';

/** The way of events through store and Temporal, for the bridge and for the API alike. */
export interface EventRouting {
  readonly router: EventRouter;
  readonly inbox: Inbox;
  /**
   * To be called after each deploy and removal of a version: its `schedule.on` takes effect, or ends. Safe to repeat.
   * Fails with a `StoreError`.
   */
  definitionChanged(namespace: string, name: string): Promise<void>;
}

export interface RoutingParts {
  readonly store: Store;
  readonly definitions: Pick<Definitions, 'get'>;
  readonly delivery: EventDelivery;
  /** How long the inbox keeps an event, in milliseconds. */
  readonly keepMs: number;
}

/** Puts the router together with its indexes in the store. */
export function createEventRouting({ store, definitions, delivery, keepMs }: RoutingParts): EventRouting {
  const inbox = createInbox(store);
  const subscriptions = createSubscriptions(store);
  const triggers = createEventTriggers(store, definitions, subscriptions);
  return {
    router: createEventRouter({ inbox, subscriptions, triggers, delivery, keepMs }),
    inbox,
    async definitionChanged(namespace, name) {
      const replaced = await triggers.sync(namespace, name);
      if (replaced === undefined) return;
      // It gets no more events. Where Temporal is away it stays, with nothing to do, until somebody ends it.
      await delivery.endCollecting(collectorId(replaced)).catch(() => undefined);
    },
  };
}
