/** How long one caller waits. */
export interface Patience {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * The outcome of work that others may wait for too: a caller who leaves does not end it. Rejects with the signal's
 * reason when that aborts, and with what `late` makes when the time is over.
 */
export function waitFor<Result>(
  work: Promise<Result>,
  { timeoutMs, signal }: Patience,
  late: () => Error,
): Promise<Result> {
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    const timer = setTimeout(() => reject(late()), timeoutMs);
    work.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    });
  });
}
