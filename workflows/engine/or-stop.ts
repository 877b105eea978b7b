import { CancellationScope, condition } from '@temporalio/workflow';
import type { Execution } from './execution.ts';
import { Stop } from './pacing.ts';

/** The value of `pending`, or {@link Stop} where this run is to end before it is there. */
export async function orStop<T>({ pacing }: Execution, pending: Promise<T>): Promise<T> {
  const scope = CancellationScope.current();
  let isSettled = false;
  const settle = (): void => {
    isSettled = true;
  };
  pending.then(settle, settle);
  // A cancellation comes back through what is waited for, once that has ended.
  await CancellationScope.nonCancellable(() =>
    condition(() => isSettled || (pacing.stopping && !scope.consideredCancelled)),
  );
  if (!isSettled) throw new Stop();
  return pending;
}

/** The same for what `ask` gives, which is cancelled where this run is to end before. */
export async function askOrStop<T>(execution: Execution, ask: () => Promise<T>): Promise<T> {
  const asking = new CancellationScope();
  try {
    return await orStop(execution, asking.run(ask));
  } catch (error) {
    if (error instanceof Stop) asking.cancel();
    throw error;
  }
}
