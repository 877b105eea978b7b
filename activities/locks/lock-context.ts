import { Context } from '@temporalio/activity';
import type { Locks } from '../../backends/locks/port.ts';
import type { Executions } from '../executions.ts';

/** What the activities of locks use. */
export interface LockContext {
  readonly locks: Locks;
  readonly executions: Executions;
}

/**
 * Lets go of a lock that nobody can use any more: the activity was told that its run is over, and no other run goes on from
 * it. Where one does, as after continue-as-new, the lock is that run's.
 */
export async function releaseIfOver(
  { locks, executions }: LockContext,
  released: Parameters<Locks['release']>[0],
): Promise<void> {
  const { cancellationDetails, info } = Context.current();
  if (cancellationDetails?.notFound !== true) return;
  const workflowId = info.workflowExecution?.workflowId;
  if (workflowId === undefined || (await executions.isRunning(workflowId))) return;
  await locks.release(released);
}
