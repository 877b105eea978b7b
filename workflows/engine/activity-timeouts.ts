import type { ActivityOptions } from '@temporalio/workflow';

// An activity gives up on its work by itself; only one whose worker is gone runs into this.
const graceMs = 10_000;

/** How long an activity may take whose work ends within `timeoutMs`, and how often it is tried: design decision 5. */
export function activityTimeouts(timeoutMs: number): ActivityOptions {
  return {
    startToCloseTimeout: timeoutMs + graceMs,
    heartbeatTimeout: '10 seconds',
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
  };
}
