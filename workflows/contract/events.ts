/** What the engine, the activities and the event router say to each other about events. */
import type { CloudEvent } from '../../dsl/events/cloud-event.ts';
import type { EventRoute } from '../../dsl/events/routes.ts';
import type { RecordedSettings } from '../contract.ts';
import type { Definition } from '../../dsl/types.ts';

/** The one signal by which events reach an execution. Its argument is a batch in order, {@link DeliveredEvent}s. */
export const eventSignal = 'perdure-event';

/** An event for an execution. Another execution may have the workflow id by now: it has another seed. */
export interface DeliveredEvent {
  readonly seed: string;
  readonly event: CloudEvent;
}

/** One listener of one execution, as the subscription index knows it. */
export interface Subscription {
  readonly workflowId: string;
  readonly seed: string;
  /** The task's place with visits and loop indices. */
  readonly path: string;
  /** Number of the task run. */
  readonly listener: number;
}

/** Asks for the events that came before their listener; the first page also writes the subscription. */
export interface OpenSubscriptionRequest {
  readonly reference: string;
  readonly subscription: Subscription;
  /** `namespace/name`: an early event is handed to one execution of each definition. */
  readonly definition: string;
  readonly routes: readonly EventRoute[];
  /** Go on behind this event of the inbox. */
  readonly after?: string;
  readonly maxBytes: number;
}

export interface EarlyEvents {
  readonly events: readonly CloudEvent[];
  /** Present when there are more: the `after` of the next request. */
  readonly next?: string;
}

/** Says which events a listener has consumed; with `ended` its subscription goes. */
export interface SettleSubscriptionRequest {
  readonly reference: string;
  readonly subscription: Subscription;
  readonly definition: string;
  readonly routes: readonly EventRoute[];
  /** Identities of events, as the inbox knows them. */
  readonly consumed: readonly string[];
  readonly ended: boolean;
}

/**
 * The workflow that collects the events of a `schedule.on` which needs more than one. Its id is one for each version of
 * a definition; it gets its events by {@link eventSignal} with the definition's digest as seed.
 */
export const eventTriggerType = 'eventTrigger';

/** The argument of the trigger workflow. */
export interface EventTriggerArgument extends RecordedSettings {
  readonly definition: Definition;
  readonly seed: string;
  /** Present when an earlier run continued as new; private to the workflow. */
  readonly resume?: object;
}
