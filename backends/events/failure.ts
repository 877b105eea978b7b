/** Why an event was not routed, and whether another try can help. */
import { parseCloudEvent } from '../../dsl/events/cloud-event.ts';
import type { CloudEvent } from '../../dsl/events/cloud-event.ts';
import { jsonSize } from '../../dsl/json.ts';
import type { Json } from '../../dsl/json.ts';
import { reasonOf, StoreError } from '../store/errors.ts';
import type { EventDelivery } from './delivery.ts';

/** Why a letter is dead. `failed` is everything that is none of the others: a defect, most of all. */
export const deadReasons = [
  'not-an-event',
  'too-large',
  'refused-by-temporal',
  'refused-by-store',
  'failed',
] as const;
export type DeadReason = (typeof deadReasons)[number];

/** `away`: the store or Temporal does not answer as it should, and the event is not to blame. */
type RoutingFailure = 'away' | DeadReason;

/** What a failed try to route an event says of the event. */
export function routingFailure(error: unknown, delivery: Pick<EventDelivery, 'failureOf'>): RoutingFailure {
  if (error instanceof StoreError) return error.type === 'invalid' ? 'refused-by-store' : 'away';
  const failure = delivery.failureOf(error);
  if (failure === 'refused') return 'refused-by-temporal';
  return failure === 'unclear' ? 'failed' : failure;
}

/** Whether a try that failed so would fail again with the same event, whenever it came. */
export function isFinal(reason: DeadReason): boolean {
  return reason === 'not-an-event' || reason === 'too-large';
}

/** What went wrong, for people, with what caused it. */
export function detailOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? reasonOf(error) : `${reasonOf(error)}: ${detailOf(cause)}`;
}

type AcceptedEvent =
  | { readonly ok: true; readonly event: CloudEvent }
  | { readonly ok: false; readonly reason: DeadReason; readonly detail: string };

/** Reads what came as an event that can be routed: a CloudEvent of at most `maxBytes` bytes of JSON. */
export function acceptEvent(content: Json, maxBytes: number): AcceptedEvent {
  const parsed = parseCloudEvent(content);
  if (!parsed.ok) {
    const problems = parsed.problems.map(({ pointer, message }) => `${pointer} ${message}`.trim());
    return { ok: false, reason: 'not-an-event', detail: `This is no CloudEvent 1.0: ${problems.join('; ')}` };
  }
  const bytes = jsonSize(parsed.event);
  if (bytes <= maxBytes) return parsed;
  const detail = `The event has ${bytes} bytes as JSON; limits.payloadBytes is ${maxBytes}`;
  return { ok: false, reason: 'too-large', detail };
}
