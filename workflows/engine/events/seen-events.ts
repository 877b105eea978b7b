/**
 * Which events the listeners of an execution have taken, so that none acts on one twice however often it is delivered.
 * Kept through continue-as-new, within bounds: the last 2,000 events of the last day.
 */
import { idempotencyKey } from '../idempotency-key.ts';

const maxEvents = 2_000;
const maxAgeMs = 24 * 60 * 60 * 1_000;
// Old ones go in bulk: finding the oldest costs as much as looking at all.
const surplus = 250;

interface SeenEvent {
  /** Counts the events that any listener has taken, from 1. */
  readonly order: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** By a listener's path: the number of the task run that took it last. */
  readonly by: Record<string, number>;
}

/** Plain JSON, by digest of the event's identity, oldest first. */
export type SeenEvents = Record<string, SeenEvent>;

/** Who takes an event. */
export interface Taker {
  readonly path: string;
  readonly seq: number;
  /** The count of taken events when it began. */
  readonly opened: number;
}

/**
 * Whether this listener may still have the event. It may not have it twice, nor what others took before it began: two
 * listeners in a row get two events. A retry, which has the path of the attempt before, may have that one's events again.
 */
export function mayTake(seen: SeenEvents, digest: string, { path, seq, opened }: Taker): boolean {
  const event = seen[digest];
  if (event === undefined) return true;
  const earlier = event.by[pathKey(path)];
  return earlier === undefined ? event.order > opened : earlier !== seq;
}

/** Notes that a listener took an event. `order` is the next count of taken events, `now` in milliseconds. */
export function noteTaken(seen: SeenEvents, digest: string, taker: Taker, order: number, now: number): void {
  const event = seen[digest];
  if (event !== undefined) event.by[pathKey(taker.path)] = taker.seq;
  else seen[digest] = { order, at: now, by: { [pathKey(taker.path)]: taker.seq } };
  if (order % surplus !== 0) return;
  const digests = Object.keys(seen);
  digests.forEach((key, index) => {
    const isOld = now - (seen[key]?.at ?? 0) > maxAgeMs;
    if (isOld || index < digests.length - maxEvents) delete seen[key];
  });
}

function pathKey(path: string): string {
  return idempotencyKey('', path).slice(0, 8);
}
