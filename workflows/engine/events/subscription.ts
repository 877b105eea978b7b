/** A listener's entry in the subscription index, kept by activities: written before the inbox is read. */
import { CancellationScope, workflowInfo } from '@temporalio/workflow';
import type { EventRoute } from '../../../dsl/events/routes.ts';
import type { EarlyEvents } from '../../contract.ts';
import { callActivity } from '../call-activity.ts';
import type { Run } from '../runner.ts';

// Of the 2 MiB that a payload may have, with room for an event that goes over.
const pageBytes = 500_000;

/** A page of the events that came before the listener. The first also writes the subscription. */
export function earlyEvents(
  run: Run<'listen'>,
  routes: readonly EventRoute[],
  after: string | undefined,
): Promise<EarlyEvents> {
  const request = { ...entry(run, routes), after, maxBytes: pageBytes };
  return callActivity(run, request, (activities, open) => activities.openSubscription(open));
}

/** Tells the inbox what was consumed. With `ended` the subscription goes, whatever else was cancelled. */
export async function settle(
  run: Run<'listen'>,
  routes: readonly EventRoute[],
  consumed: readonly string[],
  ended: boolean,
): Promise<void> {
  const request = { ...entry(run, routes), consumed, ended };
  const call = (): Promise<void> =>
    callActivity(run, request, (activities, settled) => activities.settleSubscription(settled));
  await (ended ? CancellationScope.nonCancellable(call) : call());
}

function entry(run: Run<'listen'>, routes: readonly EventRoute[]) {
  const { reference, path, execution, record } = run;
  const { namespace, name } = execution.start.definition.document;
  return {
    reference,
    subscription: {
      workflowId: workflowInfo().workflowId,
      seed: execution.position.seed,
      path,
      listener: record.seq,
    },
    definition: `${namespace}/${name}`,
    routes,
  };
}
