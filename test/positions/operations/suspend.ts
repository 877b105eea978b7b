import { operationUpdates, type OperationAnswer } from '../../../workflows/contract.ts';
import { begin, type Execution } from '../execution.ts';
import { expectedOutcome } from '../outcomes.ts';
import { eachRow } from './operation.ts';

/** It is suspended at its position: what is under way ends, and nothing begins. Then it is resumed, and goes on as if nothing had been. */
export const suspendAndResume = eachRow(['suspend', 'resume'], async (stage, row) => {
  const execution = await begin(stage, row, { operation: 'suspend', pause: 'PT5S' });
  await execution.standing();
  const suspend = (): Promise<OperationAnswer> => execution.update(operationUpdates.suspend);
  expect(await suspend()).toEqual({ status: 'suspended' });
  const begun = async (): Promise<readonly number[]> =>
    (await execution.report()).tasks.map(({ seq }) => seq);
  const before = { tasks: new Set(await begun()), steps: execution.steps() };
  execution.release();
  if (row.subject.name === 'listen')
    await execution.until('the event', () => stage.events.hasSent(execution.id) || undefined);
  await idle(execution);
  // A workflow task of its own: whatever could have begun would have by its end.
  expect(await suspend()).toEqual({ status: 'suspended' });
  expect(execution.steps()).toEqual(before.steps);
  expect((await begun()).filter((seq) => !before.tasks.has(seq))).toEqual([]);

  await execution.update(operationUpdates.resume);
  await execution.endsWith(expectedOutcome(row));
  expect(execution.steps()).toEqual(stage.steps.get(row));
});

/** Waits until nothing is under way outside of the engine: no activity, no child, no timer. */
async function idle(execution: Execution): Promise<void> {
  const { handle } = execution;
  await execution.until('the end of what is under way', async () => {
    const { raw } = await handle.describe();
    const underWay = (raw.pendingActivities?.length ?? 0) + (raw.pendingChildren?.length ?? 0);
    if (underWay > 0) return undefined;
    const { events } = await handle.fetchHistory();
    const timers = new Set<string>();
    for (const {
      timerStartedEventAttributes,
      timerFiredEventAttributes,
      timerCanceledEventAttributes,
    } of events ?? []) {
      timers.add(timerStartedEventAttributes?.timerId ?? '');
      timers.delete((timerFiredEventAttributes ?? timerCanceledEventAttributes)?.timerId ?? '');
    }
    return timers.size === 0 || undefined;
  });
}
