import { defaultPayloadConverter } from '@temporalio/worker';
import type { History } from '@temporalio/worker';
import proto from '@temporalio/proto';
import { isJsonObject } from '../dsl/json.ts';

export type HistoryEvent = NonNullable<History['events']>[number];
type Payload = NonNullable<NonNullable<HistoryEvent['userMetadata']>['summary']>;

const { EventType } = proto.temporal.api.enums.v1;

/** True for an event of this type, named as in the history's JSON without its prefix. */
export function isEvent(event: HistoryEvent, type: keyof typeof EventType): boolean {
  return event.eventType === EventType[type];
}

/** How a person finds an event again: its number and type. */
export function eventName(event: HistoryEvent): string {
  const type = (EventType[event.eventType ?? 0] ?? '').replace('EVENT_TYPE_', '').toLowerCase();
  return `event ${String(event.eventId)}, ${type.replaceAll('_', ' ')}`;
}

/**
 * The task that an event was made by: the summary that the engine gives its activities, timers and children, with the
 * task's reference where a call carries it; else the name of the activity or child workflow. Undefined for events that
 * belong to no task.
 */
export function taskOf(event: HistoryEvent): string | undefined {
  const activity = event.activityTaskScheduledEventAttributes;
  const child = event.startChildWorkflowExecutionInitiatedEventAttributes;
  const summary = decode(event.userMetadata?.summary);
  const name = typeof summary === 'string' ? summary : (activity?.activityType ?? child?.workflowType)?.name;
  const request = decode(activity?.input?.payloads?.[0]);
  const reference = isJsonObject(request) ? request['reference'] : undefined;
  if (name === null || name === undefined) return undefined;
  return typeof reference === 'string' ? `${name} (${reference})` : name;
}

function decode(payload: Payload | null | undefined): unknown {
  if (payload === null || payload === undefined) return undefined;
  try {
    return defaultPayloadConverter.fromPayload(payload);
  } catch {
    // Another codec wrote it: the event's other fields still tell something.
    return undefined;
  }
}
