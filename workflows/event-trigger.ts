/**
 * Collects the events of a `schedule.on` that needs more than one for a start, and starts the definition. One such
 * workflow serves a version of a definition. Events that belong together by correlation form a group; each group that is
 * complete starts one execution with its events as input. Open Workflow DSL, "Event-driven scheduling".
 */
import {
  condition,
  continueAsNew,
  defineSignal,
  log,
  setHandler,
  startChild,
  ParentClosePolicy,
  workflowInfo,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { eventIdentity, readEvent, type CloudEvent } from '../dsl/events/cloud-event.ts';
import { offerEvent, type ConsumptionState } from '../dsl/events/consumption.ts';
import { scheduleExpressions } from '../dsl/events/evaluate-on-event.ts';
import { isTruthy } from '../dsl/evaluate.ts';
import { asJson, jsonSize, type Json } from '../dsl/json.ts';
import {
  definitionWorkflowType,
  eventSignal,
  maxArgumentBytes,
  memoKeys,
  runtimeVersion,
  type DeliveredEvent,
  type EventTriggerArgument,
  type StartArgument,
} from './contract.ts';
import { mayTake, noteTaken, type SeenEvents } from './engine/events/seen-events.ts';
import { idempotencyKey } from './engine/idempotency-key.ts';
import { attributesOf } from './engine/search-attributes.ts';

// Groups that are never completed must not grow for ever: the oldest goes first.
const maxGroups = 1_000;
const maxGroupBytes = 800_000;
// A trigger that nobody sends anything and that collects nothing ends; the next event starts it again.
const idle = '1 hour';

interface Group {
  readonly state: ConsumptionState;
  /** What was read of its events, in order, and their identities. */
  readonly items: Json[];
  readonly identities: string[];
  bytes: number;
}

interface TriggerState {
  taken: number;
  readonly seen: SeenEvents;
  readonly waiting: CloudEvent[];
  groups: Group[];
}

/** Runs until it is cancelled, or idle with nothing collected. */
export async function eventTrigger(argument: EventTriggerArgument): Promise<void> {
  const state = (argument.resume as TriggerState | undefined) ?? {
    taken: 0,
    seen: {},
    waiting: [],
    groups: [],
  };
  setHandler(defineSignal<[readonly DeliveredEvent[]]>(eventSignal), (batch) => {
    state.waiting.push(...batch.filter(({ seed }) => seed === argument.seed).map(({ event }) => event));
  });
  for (;;) {
    const hasMore = await condition(() => state.waiting.length > 0, idle);
    for (let event = state.waiting.shift(); event !== undefined; event = state.waiting.shift()) {
      const group = collect(argument, state, event);
      if (group !== undefined) await start(argument, group);
    }
    if (!hasMore && state.groups.length === 0) return;
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    if (continueAsNewSuggested || historyLength >= argument.limits.historyEvents) {
      await continueAsNew({ ...argument, resume: state });
    }
  }
}

/** Adds an event to the first group that takes it, or begins one; gives the group that is complete by it. */
function collect(argument: EventTriggerArgument, state: TriggerState, event: CloudEvent): Group | undefined {
  const digest = idempotencyKey('', eventIdentity(event)).slice(0, 20);
  const taker = { path: '', seq: 1, opened: 0 };
  if (!mayTake(state.seen, digest, taker)) return undefined;
  for (const group of [...state.groups, newGroup()]) {
    const { taken, complete } = offer(argument, group, event);
    // The end of a group that has not begun is nobody's.
    if (taken === 'ignored' || (taken === 'signal' && group.items.length === 0)) continue;
    state.taken += 1;
    noteTaken(state.seen, digest, taker, state.taken, Date.now());
    const others = state.groups.filter((other) => other !== group);
    if (complete) {
      state.groups = others;
      return group;
    }
    if (others.length === state.groups.length) state.groups.push(group);
    dropOldest(state);
    return undefined;
  }
  return undefined;
}

function offer({ definition }: EventTriggerArgument, group: Group, event: CloudEvent) {
  const { schedule, evaluate } = definition;
  if (schedule?.on === undefined) return { taken: 'ignored', complete: false } as const;
  const runtime = { name: 'perdure', version: runtimeVersion, metadata: {} };
  const expressions = scheduleExpressions(evaluate?.mode ?? 'strict', { runtime }, Date.now);
  const offered = offerEvent(schedule.on, group.state, event, expressions);
  if (offered.taken !== 'consumed') return offered;
  const item = readEvent(event, schedule.read);
  group.items.push(item);
  group.identities.push(eventIdentity(event));
  group.bytes += jsonSize(item);
  const { until } = schedule.on;
  if (typeof until !== 'string') return offered;
  return { ...offered, complete: isTruthy(expressions.expression(until, [...group.items])) };
}

function newGroup(): Group {
  return { state: {}, items: [], identities: [], bytes: 0 };
}

function dropOldest(state: TriggerState): void {
  const bytes = (): number => state.groups.reduce((sum, group) => sum + group.bytes, 0);
  while (state.groups.length > maxGroups || (state.groups.length > 1 && bytes() > maxGroupBytes)) {
    const dropped = state.groups.shift();
    log.warn('A group of events that never became complete was dropped', { events: dropped?.identities });
  }
}

/** Starts an execution that outlives this workflow; the same events never start a second one. */
async function start(trigger: EventTriggerArgument, group: Group): Promise<void> {
  const { definition, seed, resume: _, ...recorded } = trigger;
  const { namespace, name } = definition.document;
  const type = definitionWorkflowType(namespace, name);
  const argument: StartArgument = {
    perdure: 1,
    type,
    definition,
    input: group.items,
    ...recorded,
  };
  if (jsonSize(asJson(argument)) > maxArgumentBytes) {
    log.error('Events are too large together to start their definition', { events: group.identities });
    return;
  }
  const key = idempotencyKey(seed, JSON.stringify([namespace, name, group.identities]));
  try {
    await startChild(type, {
      workflowId: `${name}-${key.slice(0, 32)}`,
      args: [argument],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      typedSearchAttributes: attributesOf(definition.document),
      memo: { [memoKeys.workflow]: `${namespace}/${name}` },
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
