/**
 * The table `perdure_calls` stays small: rows of calls that nobody has to remember any more are removed after writes and
 * beside them. Where this user may not remove rows they stay.
 */
import { setTimeout as sleep } from 'node:timers/promises';

/** Rows that one statement removes, so that it holds up nobody else. */
export const forgottenAtOnce = 500;

/** Between two looks at the table, in milliseconds; one reads a few entries of an index. */
const lookEveryMs = 10 * 60_000;

/** Between two statements of one look: databases have other work. */
const pauseMs = 50;

export interface Forgetting {
  /** Looks for old rows, unless that was done not long ago. Call it after a write. */
  look(): void;
  /** Begins no statement more, and waits for the one that runs. */
  stop(): Promise<void>;
}

/** `forget` removes up to {@link forgottenAtOnce} old rows, the oldest first, and resolves to how many there were. */
export function forgetting(forget: () => Promise<number>): Forgetting {
  let nextLookAt = 0;
  let running: Promise<void> | undefined;
  let isStopped = false;

  async function forgetAll(): Promise<void> {
    while (!isStopped && (await forget()) >= forgottenAtOnce) await sleep(pauseMs);
  }

  return {
    look() {
      const now = performance.now();
      if (running !== undefined || isStopped || now < nextLookAt) return;
      nextLookAt = now + lookEveryMs;
      // A failed one is made up for by the next look.
      running = forgetAll()
        .catch(() => undefined)
        .finally(() => (running = undefined));
    },
    async stop() {
      isStopped = true;
      await running;
    },
  };
}
