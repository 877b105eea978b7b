/** How long the store waits for HBase, and how it tries again. */
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { CallError } from './call-error.ts';

/** The longest that one call may take. Everything that a call does is small: rows of up to 4 MiB. */
const callMs = 5_000;

const firstPauseMs = 50;
const longestPauseMs = 1_000;

/** The time that an operation has, with all its calls and tries. */
export class Patience {
  private readonly until: number;
  private readonly signal: AbortSignal;

  constructor(milliseconds: number, signal: AbortSignal) {
    this.until = performance.now() + milliseconds;
    this.signal = signal;
    // Every operation that waits listens: their number is not a leak.
    setMaxListeners(0, signal);
  }

  /** The time that the next call has, in milliseconds; at least 1. */
  callMs(): number {
    return Math.max(1, Math.min(callMs, this.until - performance.now()));
  }

  /**
   * Runs `attempt` until it succeeds, fails for good or the time is over: then it fails as its last attempt did. Between
   * two attempts lie pauses that grow, at random lengths, so that those who failed together do not come back together.
   * @param noticed is told of every failure that is followed by another attempt.
   */
  async retry<Result>(
    attempt: () => Promise<Result>,
    noticed?: (failure: CallError) => void,
  ): Promise<Result> {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      this.signal.throwIfAborted();
      try {
        return await attempt();
      } catch (error) {
        const waitMs = pauseMs * (0.5 + Math.random() / 2);
        if (!(error instanceof CallError) || !error.retry) throw error;
        if (performance.now() + waitMs >= this.until) throw error;
        noticed?.(error);
        await sleep(waitMs, undefined, { signal: this.signal });
      }
    }
  }
}
