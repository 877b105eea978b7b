import type { Connection } from '@temporalio/client';

/** How long a call to Temporal may take unless it waits for a workflow on purpose, in milliseconds. */
export const temporalDeadlineMs = 5_000;

/** Temporal gave no answer in time. */
export class TemporalDeadlineError extends Error {
  override readonly name = 'TemporalDeadlineError';
}

/**
 * Runs calls to Temporal with one deadline for all of them. Fails with what the call failed with, or soon after the
 * deadline with a {@link TemporalDeadlineError}. `signal` ends the calls early.
 */
export async function withinDeadline<T>(
  connection: Connection,
  milliseconds: number,
  call: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  // The SDK's retries look neither at the deadline nor at the signal between attempts, hence a timer of our own.
  const late = new Promise<never>((_, reject) => {
    const giveUp = (): void => reject(new TemporalDeadlineError('Temporal gave no answer in time'));
    timer = setTimeout(giveUp, milliseconds + 250);
    signal?.addEventListener('abort', giveUp, { once: true });
  });
  const timed = (): Promise<T> => connection.withDeadline(Date.now() + milliseconds, call);
  try {
    const answer = signal === undefined ? timed() : connection.withAbortSignal(signal, timed);
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
