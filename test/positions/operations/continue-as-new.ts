import { eventSignal } from '../../../workflows/contract.ts';
import { begin } from '../execution.ts';
import { expectedOutcome } from '../outcomes.ts';
import { eachRow } from './operation.ts';
import { expectSameRequests } from './requests.ts';

/** Its history grows over the limit at its position: it goes on in another run, as if nothing had been. */
export const continueAsNew = eachRow(['continue-as-new'], async (stage, row) => {
  // More than it needs by itself up to its position.
  const historyEvents = row.nesting.turns.length > 1 ? 90 : 40;
  const execution = await begin(stage, row, { operation: 'continue', historyEvents, pause: 'PT25S' });
  const { handle } = execution;
  await execution.standing();
  const { runId } = await handle.describe();
  await execution.until('a long history', async () => {
    const now = await handle.describe();
    if (now.runId !== runId || now.historyLength >= historyEvents) return true;
    await Promise.all(Array.from({ length: 10 }, () => handle.signal(eventSignal, [])));
    return undefined;
  });
  await execution.crossesBarrier(runId);
  execution.release();
  await execution.endsWith(expectedOutcome(row));
  expect((await handle.describe()).runId).not.toBe(runId);
  // Nothing was asked again: a child went on where it was.
  expectSameRequests(stage, execution);
});
