import { Context } from '@temporalio/activity';

/** Well inside the 10 s that the engine allows between two heartbeats. */
const heartbeatEveryMs = 3_000;

export interface Heartbeats {
  /** Milliseconds. */
  readonly everyMs?: number;
  /** What the next attempt may know of this one. */
  readonly details?: () => unknown;
}

/**
 * Runs `work` inside an activity and heartbeats until it ends, so that a lost worker is noticed and a cancellation
 * arrives. `work` gets the signal that aborts when the activity is cancelled or its worker shuts down.
 */
export async function withHeartbeat<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  { everyMs = heartbeatEveryMs, details }: Heartbeats = {},
): Promise<Result> {
  const context = Context.current();
  const timer = setInterval(() => context.heartbeat(details?.()), everyMs);
  try {
    return await work(context.cancellationSignal);
  } finally {
    clearInterval(timer);
  }
}
