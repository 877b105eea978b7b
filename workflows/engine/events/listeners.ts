/**
 * The listeners of an execution and the events that have come for them. Part of the position: a signal may arrive before
 * a run that goes on has come to its listen tasks again, and nothing of it may be lost.
 */
import { eventIdentity, type CloudEvent } from '../../../dsl/events/cloud-event.ts';
import type { EventRoute } from '../../../dsl/events/routes.ts';
import { isLifecycleType, type DeliveredEvent } from '../../contract.ts';
import { idempotencyKey } from '../idempotency-key.ts';
import type { Position } from '../position.ts';
import { mayTake, noteTaken, type SeenEvents, type Taker } from './seen-events.ts';

/** What an execution keeps of events; plain JSON. */
export interface EventsFrame {
  /** Events that any listener has taken so far. */
  taken: number;
  readonly seen: SeenEvents;
  /** By the number of the task run. */
  readonly listeners: Record<number, ListenerFrame>;
}

interface ListenerFrame {
  /** {@link EventsFrame.taken} when the listener began. */
  readonly opened: number;
  /** Types of events that it may want; absent when it may want any. */
  readonly types?: readonly string[];
  /** Events that came before the listener, then those that came since; each in order. */
  readonly early: CloudEvent[];
  readonly arrived: CloudEvent[];
}

/** The listener of one task run. */
export interface Listener {
  readonly early: CloudEvent[];
  readonly arrived: CloudEvent[];
  /** False for an event that this listener, or in its own time another one, has taken. */
  mayTake(event: CloudEvent): boolean;
  noteTaken(event: CloudEvent): void;
  /** Forgets what has come and was not taken. */
  close(): void;
}

/** The listener of this task run, made when it is not there yet. */
export function openListener(
  position: Position,
  { seq, path }: Pick<Taker, 'seq' | 'path'>,
  routes: readonly EventRoute[],
): Listener {
  const events = (position.events ??= { taken: 0, seen: {}, listeners: {} });
  const frame = (events.listeners[seq] ??= newFrame(events.taken, routes));
  const taker = { seq, path, opened: frame.opened };
  return {
    early: frame.early,
    arrived: frame.arrived,
    mayTake: (event) => mayTake(events.seen, digestOf(event), taker),
    noteTaken: (event) => {
      events.taken += 1;
      noteTaken(events.seen, digestOf(event), taker, events.taken, Date.now());
    },
    close: () => {
      delete events.listeners[seq];
    },
  };
}

/** Takes a signal: hands its events to every listener that may want them. The others are in the inbox. */
export function receiveEvents({ seed, events }: Position, batch: readonly DeliveredEvent[]): void {
  const listeners = Object.values(events?.listeners ?? {});
  for (const { seed: addressee, event } of batch) {
    if (addressee !== seed) continue;
    for (const { types, arrived } of listeners) {
      const wanted = types === undefined ? !isLifecycleType(event.type) : types.includes(event.type);
      if (wanted) arrived.push(event);
    }
  }
}

function newFrame(opened: number, routes: readonly EventRoute[]): ListenerFrame {
  const types = routes.flatMap(({ type }) => type ?? []);
  const anyType = types.length < routes.length;
  return { opened, ...(anyType ? {} : { types }), early: [], arrived: [] };
}

/** Identities are as long as their sender likes; digests are not. */
function digestOf(event: CloudEvent): string {
  return idempotencyKey('', eventIdentity(event)).slice(0, 20);
}
