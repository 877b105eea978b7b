import { condition } from '@temporalio/workflow';
import { eventIdentity, readEvent, type CloudEvent } from '../../../dsl/events/cloud-event.ts';
import { offerEvent, wantsNothing } from '../../../dsl/events/consumption.ts';
import type { FilterExpressions } from '../../../dsl/events/filter.ts';
import { routesOf } from '../../../dsl/events/routes.ts';
import { evaluateExpression, evaluateValue, isTruthy } from '../../../dsl/evaluate.ts';
import type { Json } from '../../../dsl/json.ts';
import type { ListenTask } from '../../../dsl/types.ts';
import { processEvent } from '../events/foreach.ts';
import { keepOutput } from '../events/kept-output.ts';
import { openListener, type Listener } from '../events/listeners.ts';
import { earlyEvents, settle } from '../events/subscription.ts';
import { scopeOf } from '../expressions.ts';
import { after, repeat, type Maybe } from '../maybe-async.ts';
import { Stop } from '../pacing.ts';
import type { Outcome, Run, Runner } from '../runner.ts';
import { showStatus } from '../show-status.ts';

// A listener that goes on for long says now and then what it has consumed, so that it is not kept as waiting.
const settleEvery = 100;

/**
 * Waits for events and gives what was read of those it consumed, in their order. First writes its subscription, then
 * takes the events that came before it, then those that come. With `foreach` each event is worked through before the
 * next one is looked at. Open Workflow DSL, "Listen" and "Event Consumption Strategy".
 */
export const runListen: Runner<'listen'> = async (task, input, run) => {
  const { frame, execution, record } = run;
  if (wantsNothing(task.listen.to)) return { output: [] };
  if (frame.routes === undefined) {
    frame.routes = routesOf(task.listen.to, execution.mode, (text) => run.evaluateAll(text, input));
    execution.lifecycle?.workflow('workflow.correlation-started');
  }
  const { routes } = frame;
  const listener = openListener(execution.position, { seq: record.seq, path: run.path }, routes);
  let stopped = false;
  try {
    const outcome = await consume(task, input, run, listener);
    const correlationKeys = frame.state?.correlations;
    execution.lifecycle?.workflow('workflow.correlation-completed', correlationKeys && { correlationKeys });
    return outcome;
  } catch (error) {
    stopped = error instanceof Stop;
    throw error;
  } finally {
    // The run that goes on from here takes the listener up again, with its subscription.
    if (!stopped) {
      listener.close();
      await settle(run, routes, frame.unsettled ?? [], true);
    }
  }
};

/** Consumes until the strategy has what it wants, or an event's tasks end the workflow. */
function consume(task: ListenTask, input: Json, run: Run<'listen'>, listener: Listener): Maybe<Outcome> {
  const { frame } = run;
  const { to, read } = task.listen;
  const expressions = filterExpressions(input, run);
  const output = (frame.output ??= []);

  function workThrough(item: Json): Maybe<Outcome | undefined> {
    return after(processEvent(task.foreach, item, input, run), (outcome) => {
      if (outcome.then === 'end') return outcome;
      keep(task, outcome.output, run);
      delete frame.item;
      delete frame.list;
      frame.index = (frame.index ?? 0) + 1;
      if (typeof to.until === 'string' && isTruthy(run.evaluate(to.until, [...output])))
        frame.complete = true;
      return undefined;
    });
  }

  function take(event: CloudEvent): undefined {
    if (!listener.mayTake(event)) return;
    const { taken, complete } = offerEvent(to, (frame.state ??= {}), event, expressions);
    if (complete) frame.complete = true;
    if (taken === 'ignored') return;
    listener.noteTaken(event);
    (frame.unsettled ??= []).push(eventIdentity(event));
    if (taken === 'consumed') frame.item = readEvent(event, read);
  }

  return repeat(() => {
    if (frame.item !== undefined) return workThrough(frame.item);
    if (frame.complete === true) return { output };
    if ((frame.unsettled?.length ?? 0) >= settleEvery) return settleSoFar(run);
    return after(nextEvent(run, listener), take);
  });
}

async function settleSoFar(run: Run<'listen'>): Promise<undefined> {
  const { frame } = run;
  await settle(run, frame.routes ?? [], frame.unsettled ?? [], false);
  frame.unsettled = [];
}

/** The next event in order. Stands at a task boundary: the run may end here, with everything in the frames. */
function nextEvent(run: Run<'listen'>, { early, arrived }: Listener): Maybe<CloudEvent> {
  return repeat(() =>
    after(run.execution.pacing.boundary(), () => {
      const waiting = early.shift();
      if (waiting !== undefined) return waiting;
      return run.frame.early === 'read' ? (arrived.shift() ?? arrival(run, arrived)) : readEarly(run, early);
    }),
  );
}

/** Adds a page of the events that came before the listener. */
async function readEarly(run: Run<'listen'>, early: CloudEvent[]): Promise<undefined> {
  const { frame } = run;
  const page = await earlyEvents(
    run,
    frame.routes ?? [],
    frame.early === 'read' ? undefined : frame.early?.after,
  );
  early.push(...page.events);
  frame.early = page.next === undefined ? 'read' : { after: page.next };
}

/** Waits until an event comes, or the run is to end. */
async function arrival(
  { execution, record }: Run<'listen'>,
  arrived: readonly CloudEvent[],
): Promise<undefined> {
  execution.log.waiting(record, true);
  showStatus(execution, Infinity);
  try {
    await condition(() => arrived.length > 0 || execution.pacing.stopping);
  } finally {
    execution.log.waiting(record, false);
  }
}

/** Adds to the output, unless nobody will ever see it: a listener without end keeps nothing. */
function keep({ listen }: ListenTask, item: Json, run: Run<'listen'>): void {
  const { until } = listen.to;
  if (typeof until === 'string' && /^\s*(?:\$\{\s*)?false(?:\s*\})?\s*$/.test(until)) return;
  keepOutput(item, run);
}

/** What filters see: the variables of the task, and as `.` the event or its attribute. */
function filterExpressions(input: Json, run: Run<'listen'>): FilterExpressions {
  const { execution, variables } = run;
  return {
    expression: (text, data) => evaluateExpression(text, scopeOf(execution, data, variables)),
    template: (value, data) => evaluateValue(value, scopeOf(execution, data, variables)),
    input,
  };
}
