import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from './client.ts';
import type { Execution } from './responses.ts';

const pollMs = 300;

/** Whether an execution will not change any more. */
export function hasEnded({ status }: Execution): boolean {
  return status === 'completed' || status === 'faulted' || status === 'cancelled';
}

/**
 * Watches an execution and hands each state to `onChange` until it has ended; resolves to the last state, or to
 * undefined when `signal` stops the watching.
 */
export async function followExecution(
  client: ApiClient,
  id: string,
  onChange: (execution: Execution) => void,
  signal?: AbortSignal,
): Promise<Execution | undefined> {
  while (signal?.aborted !== true) {
    const execution = await client.execution(id);
    onChange(execution);
    if (hasEnded(execution)) return execution;
    await delay(pollMs, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}
