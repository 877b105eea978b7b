import { setTimeout as delay } from 'node:timers/promises';

/** A wait that ends early, and without an error, when the signal aborts. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => undefined);
}

/** Waits before the next attempt after `failures` failed ones: 0.2 s, doubling to 5 s, up to a third less at random. */
export async function backOff(failures: number, signal: AbortSignal): Promise<void> {
  const longest = Math.min(5_000, 200 * 2 ** Math.min(failures - 1, 10));
  await pause(longest * (1 - Math.random() / 3), signal);
}
