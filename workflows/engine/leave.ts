import { CancellationScope, isCancellation } from '@temporalio/workflow';
import { WorkflowFault } from '../../dsl/errors.ts';
import { Stop } from './pacing.ts';
import type { Maybe } from './maybe-async.ts';

/**
 * Takes tasks up that have stopped with the run, though nobody goes on with them: in a scope that is cancelled, so that
 * each ends what it has at work outside, a child or a subscription, as a cancelled task does.
 */
export async function leave(takeUp: () => Maybe<unknown>, scope = new CancellationScope()): Promise<void> {
  scope.cancel();
  try {
    await scope.run(async () => takeUp());
  } catch (error) {
    // How they end is of no interest any more.
    if (!isCancellation(error) && !(error instanceof WorkflowFault) && !(error instanceof Stop)) throw error;
  }
}
