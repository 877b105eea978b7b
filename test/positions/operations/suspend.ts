import { operationUpdates, type OperationAnswer } from '../../../workflows/contract.ts';
import { begin, type Execution } from '../execution.ts';
import { expectedOutcome } from '../outcomes.ts';
import { spotsOf, standing, type Spot } from '../spots.ts';
import type { Stage } from '../stage.ts';
import { eachRow } from './operation.ts';
import { expectSameRequests, stepsOf } from './requests.ts';

/**
 * It is suspended before its position and in it: what is under way ends, and nothing begins. Each time it is resumed, and
 * goes on as if nothing had been.
 */
export const suspendAndResume = eachRow(['suspend', 'resume'], async (stage, row) => {
  const spots = spotsOf(row);
  const execution = await begin(stage, row, {
    operation: 'suspend',
    pause: 'PT15S',
    held: [...spots, 'beside'],
  });
  for (const spot of spots) {
    await standing(execution, spot);
    await suspended(stage, execution, spot, spot === spots.at(-1));
    await execution.update(operationUpdates.resume);
  }
  await execution.endsWith(expectedOutcome(row));
  expectSameRequests(stage, execution);
});

/** Suspends it and lets what is under way there go on, in the end all. */
async function suspended(stage: Stage, execution: Execution, spot: Spot, isLast: boolean): Promise<void> {
  const suspend = (): Promise<OperationAnswer> => execution.update(operationUpdates.suspend);
  const begun = async (): Promise<readonly number[]> =>
    (await execution.report()).tasks.map(({ seq }) => seq);
  expect(await suspend()).toEqual({ status: 'suspended' });
  const before = { tasks: new Set(await begun()), steps: stepsOf(execution) };

  execution.release(isLast ? undefined : spot);
  if (spot === 'subject' && execution.row.subject.name === 'listen')
    await execution.until('the event', () => stage.events.hasSent(execution.id) || undefined);
  await idle(execution);
  // A workflow task of its own: whatever could have begun would have by its end.
  expect(await suspend()).toEqual({ status: 'suspended' });
  expect(stepsOf(execution)).toEqual(before.steps);
  expect((await begun()).filter((seq) => !before.tasks.has(seq))).toEqual([]);
}

/**
 * Waits until nothing is under way outside of the engine but what the partner holds: no activity, no child, no timer. A lock
 * is kept.
 */
async function idle(execution: Execution): Promise<void> {
  const { handle, partner } = execution;
  await execution.until('the end of what is under way', async () => {
    const { raw } = await handle.describe();
    const activities = (raw.pendingActivities ?? []).filter(
      ({ activityType }) => activityType?.name !== 'keepLock',
    );
    const underWay = activities.length + (raw.pendingChildren?.length ?? 0);
    if (underWay > partner.log.filter(({ state }) => state === 'held').length) return undefined;
    const timers = new Set<string>();
    for (const event of (await handle.fetchHistory()).events ?? []) {
      const { timerStartedEventAttributes: started, timerFiredEventAttributes: fired } = event;
      if (started?.timerId) timers.add(started.timerId);
      timers.delete((fired ?? event.timerCanceledEventAttributes)?.timerId ?? '');
    }
    return timers.size === 0 || undefined;
  });
}
