import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';

/**
 * Runs `work` and interrupts it at `deadline` (milliseconds since the epoch): what it has under way is cancelled, and
 * once it has ended `fault()` is thrown. A cancellation from outside passes through as it is.
 */
export async function beforeDeadline<T>(
  deadline: number,
  work: () => Promise<T>,
  fault: () => Error,
): Promise<T> {
  const body = new CancellationScope();
  const alarm = new CancellationScope();
  let expired = false;
  const ringing = alarm
    .run(() => sleep(Math.max(1, deadline - Date.now()), { summary: 'timeout' }))
    .then(() => {
      expired = true;
      body.cancel();
    })
    .catch((error: unknown) => {
      if (!isCancellation(error)) throw error;
    });
  try {
    return await body.run(work);
  } catch (error) {
    if (expired && isCancellation(error)) throw fault();
    throw error;
  } finally {
    alarm.cancel();
    await ringing;
  }
}
