import type { History } from '@temporalio/worker';
import { eventName, isEvent, taskOf } from './history-task.ts';
import type { HistoryEvent } from './history-task.ts';

/** Where replayed code first leaves a history. */
export interface Divergence {
  /** The task's name, with its reference where that is known. */
  readonly task?: string;
  readonly event: string;
}

/**
 * Finds the first task at which the code leaves a history that is known to fail. `replay` tells whether a history
 * replays, and `reason` is what it said of the whole one. The messages of the SDK name an event only sometimes, so this
 * looks for the shortest beginning that fails: each ends where a worker was given a workflow task.
 */
export async function firstDivergence(
  history: History,
  reason: string,
  replay: (beginning: History) => Promise<boolean>,
): Promise<Divergence | undefined> {
  const events = history.events ?? [];
  const named = Number(/HistoryEvent\(id: (\d+)/.exec(reason)?.[1]);
  const exact = events.findIndex((event) => Number(event.eventId) === named);
  if (exact >= 0) return describe(events, exact);
  const ends = events.flatMap((event, index) =>
    isEvent(event, 'EVENT_TYPE_WORKFLOW_TASK_STARTED') ? [index + 1] : [],
  );
  let [good, bad] = [0, ends.length];
  while (good < bad) {
    const middle = Math.floor((good + bad) / 2);
    if (await replay({ events: events.slice(0, ends[middle]) })) good = middle + 1;
    else bad = middle;
  }
  const from = ends[bad - 1] ?? 0;
  const end = ends[bad] ?? events.length;
  const group = events.slice(from, end);
  const quoted = /'([^']*)'/.exec(reason)?.[1];
  const matching = group.findIndex((event) => quoted !== undefined && typeOf(event) === quoted);
  const first = group.findIndex((event) => taskOf(event) !== undefined);
  const found = [matching, first, 0].find((index) => index >= 0) ?? 0;
  return events.length === 0 ? undefined : describe(events, from + found);
}

function typeOf(event: HistoryEvent): string | null | undefined {
  const activity = event.activityTaskScheduledEventAttributes;
  const child = event.startChildWorkflowExecutionInitiatedEventAttributes;
  return (activity?.activityType ?? child?.workflowType)?.name;
}

/** An event that no task made (the end of the workflow) is told by the last task before it. */
function describe(events: readonly HistoryEvent[], index: number): Divergence | undefined {
  const event = events[index];
  if (event === undefined) return undefined;
  const own = taskOf(event);
  if (own !== undefined) return { task: own, event: eventName(event) };
  const before = events
    .slice(0, index)
    .map(taskOf)
    .findLast((task) => task !== undefined);
  return { task: before === undefined ? undefined : `after ${before}`, event: eventName(event) };
}
