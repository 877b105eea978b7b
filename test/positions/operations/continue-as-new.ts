import { eventSignal } from '../../../workflows/contract.ts';
import { begin } from '../execution.ts';
import { expectedOutcome } from '../outcomes.ts';
import { eachRow } from './operation.ts';

/** Its history grows over the limit at its position: it goes on in another run, as if nothing had been. */
export const continueAsNew = eachRow(['continue-as-new'], async (stage, row) => {
  const { subject, nesting } = row;
  // More than it needs by itself up to its position.
  const historyEvents = nesting.turns.length > 1 ? 90 : 40;
  const execution = await begin(stage, row, { operation: 'continue', historyEvents, pause: 'PT8S' });
  const { handle, partner } = execution;
  await execution.standing();
  const { runId, historyLength } = await handle.describe();
  for (let events = historyLength; events < historyEvents; events++) await handle.signal(eventSignal, []);
  if (subject.outlivesRun === true) {
    // The barrier waits for the call of the other branch.
    partner.release('beside/1');
    await execution.until('another run', async () =>
      (await handle.describe()).runId === runId ? undefined : true,
    );
    if (subject.stands === 'wait')
      await execution.until(
        'the position in that run',
        async () =>
          (await execution.report()).tasks.some(
            ({ name, status }) => name === 'subject' && status === 'waiting',
          ) || undefined,
      );
  }
  execution.release();
  await execution.endsWith(expectedOutcome(row));
  expect((await handle.describe()).runId).not.toBe(runId);
  // Nothing was asked again: a child went on where it was.
  expect(execution.steps()).toEqual(stage.steps.get(row));
});
