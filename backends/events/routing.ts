import type { Definitions } from '../store/definitions.ts';
import type { Store } from '../store/port.ts';
import { createDeadLetters } from './dead-letters.ts';
import type { DeadLetterLimits, DeadLetters } from './dead-letters.ts';
import type { EventDelivery } from './delivery.ts';
import { createInbox } from './inbox.ts';
import type { Inbox } from './inbox.ts';
import { createRedrive } from './redrive.ts';
import type { Redrive } from './redrive.ts';
import { collectorId, createEventRouter } from './router.ts';
import type { EventRouter } from './router.ts';
import { createSubscriptions } from './subscriptions.ts';
import { createEventTriggers } from './triggers.ts';

/** The way of events through store and Temporal, for the bridge and for the API alike. */
export interface EventRouting {
  readonly router: EventRouter;
  readonly inbox: Inbox;
  readonly deadLetters: DeadLetters;
  readonly redrive: Redrive;
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
  readonly deadLetters: DeadLetterLimits;
  /** Bytes of JSON that an event may have. */
  readonly maxBytes: number;
}

/** Puts the router together with its indexes in the store. */
export function createEventRouting(parts: RoutingParts): EventRouting {
  const { store, definitions, delivery, keepMs, maxBytes } = parts;
  const inbox = createInbox(store);
  const subscriptions = createSubscriptions(store);
  const triggers = createEventTriggers(store, definitions, subscriptions);
  const router = createEventRouter({ inbox, subscriptions, triggers, delivery, keepMs });
  const deadLetters = createDeadLetters(store, parts.deadLetters);
  return {
    router,
    inbox,
    deadLetters,
    redrive: createRedrive({ deadLetters, router, delivery, maxBytes }),
    async definitionChanged(namespace, name) {
      const replaced = await triggers.sync(namespace, name);
      if (replaced === undefined) return;
      // It gets no more events. Where Temporal is away it stays, with nothing to do, until somebody ends it.
      await delivery.endCollecting(collectorId(replaced)).catch(() => undefined);
    },
  };
}
