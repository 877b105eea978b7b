import { eventSignal } from '../../../workflows/contract.ts';
import { begin, type Execution } from '../execution.ts';
import { expectedOutcome } from '../outcomes.ts';
import { anotherRun, crossesBarrier, spotsOf, standing } from '../spots.ts';
import { eachRow } from './operation.ts';
import { expectSameRequests } from './requests.ts';

const signalsAtOnce = 10;
// Events behind the start of the last workflow task, which that one does not see.
const unseenEvents = 5;

/** Its history grows over the limit before its position and in it: each time it goes on in another run, as if nothing had been. */
export const continueAsNew = eachRow(['continue-as-new'], async (stage, row) => {
  const spots = spotsOf(row);
  // More than it needs by itself up to its position.
  const historyEvents = row.nesting.turns.length > 1 ? 90 : 40;
  const execution = await begin(stage, row, {
    operation: 'continue',
    historyEvents,
    pause: 'PT25S',
    held: [...spots, 'beside'],
  });
  for (const spot of spots) {
    await standing(execution, spot);
    const runId = await growOver(execution, historyEvents);
    if (spot === spots.at(-1)) {
      await crossesBarrier(execution, runId);
      execution.release();
      await execution.endsWith(expectedOutcome(row));
      expect((await execution.handle.describe()).runId).not.toBe(runId);
    } else {
      execution.release(spot);
      execution.release('beside');
      await anotherRun(execution, runId);
    }
  }
  // Nothing was asked again: a child went on where it was.
  expectSameRequests(stage, execution);
});

/** Lets the history of the run grow by signals of which the execution takes no notice, and gives the run's id. */
async function growOver({ handle, until }: Execution, events: number): Promise<string> {
  const { runId } = await handle.describe();
  await until('a long history', async () => {
    const now = await handle.describe();
    if (now.runId !== runId || now.historyLength >= events + unseenEvents) return true;
    await Promise.all(Array.from({ length: signalsAtOnce }, () => handle.signal(eventSignal, [])));
    return undefined;
  });
  return runId;
}
