import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import type { Pacing } from './pacing.ts';

/**
 * Runs `work` and interrupts it at `deadline` (milliseconds since the epoch): what it has under way is cancelled, and
 * once it has ended `fault()` is thrown. A deadline that strikes while the execution is suspended does so at resume, also
 * where the work has ended in between. A cancellation from outside passes through as it is.
 */
export async function beforeDeadline<T>(
  pacing: Pacing,
  deadline: number,
  work: () => Promise<T>,
  fault: () => Error,
): Promise<T> {
  const body = new CancellationScope();
  const alarm = new CancellationScope();
  let expired = false;
  /** Takes an alarm back that waits for resume; true where there was one. */
  let withdraw = (): boolean => false;
  const ringing = alarm
    .run(() => sleep(Math.max(1, deadline - Date.now()), { summary: 'timeout' }))
    .then(() => {
      withdraw = pacing.suspension.atResume(() => {
        expired = true;
        body.cancel();
      });
    })
    .catch((error: unknown) => {
      if (!isCancellation(error)) throw error;
    });
  try {
    const result = await body.run(work);
    if (!withdraw()) return result;
    await pacing.held();
    throw fault();
  } catch (error) {
    if (expired && isCancellation(error)) throw fault();
    throw error;
  } finally {
    withdraw();
    alarm.cancel();
    await ringing;
  }
}
