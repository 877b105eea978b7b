import { setTimeout as delay } from 'node:timers/promises';
import { EventSystemError } from './port.ts';

/** Where an event system says what a person should know, such as a lost connection. Never holds credentials. */
export type Report = (message: string, error: unknown) => void;

/** How long a start waits for a broker that is away, in milliseconds. */
const patienceMs = 30_000;

/** Waits before the attempt after `failures` failed ones: 0.2 s, doubling to 10 s, and up to a third less at random. */
export async function backOff(failures: number, signal?: AbortSignal): Promise<void> {
  const longest = Math.min(10_000, 200 * 2 ** Math.min(failures, 10));
  // An aborted wait only ends early: who waits looks at the signal anyway.
  await delay(longest * (1 - Math.random() / 3), undefined, { signal, ref: true }).catch(() => undefined);
}

export interface Reaching<Result> {
  /** The system and its hosts, such as "kafka at broker:9092". */
  readonly place: string;
  readonly attempt: () => Promise<Result>;
  /** Whether trying again cannot help, such as after refused credentials. */
  readonly isFinal: (error: unknown) => boolean;
  readonly signal?: AbortSignal;
  /** Gives up after this time, in milliseconds. */
  readonly patienceMs?: number;
}

/**
 * The outcome of the first attempt that succeeds. For a broker that starts at the same time, attempts go on for 30
 * seconds; then, or as soon as an error is final, fails with an {@link EventSystemError} that says why.
 */
export async function reach<Result>({ place, attempt, isFinal, ...rest }: Reaching<Result>): Promise<Result> {
  const { signal, patienceMs: patience = patienceMs } = rest;
  const until = performance.now() + patience;
  for (let failures = 0; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      const isRefusal = isFinal(error);
      if (signal?.aborted === true || isRefusal || performance.now() > until) {
        throw new EventSystemError(`events: ${place} cannot be used: ${causeOf(error)}`, { isRefusal });
      }
      await backOff(failures, signal);
    }
  }
}

/**
 * What an error of a client says, in one line. The error itself may hold more than a log should have: the arguments of
 * a login, for one.
 */
export function causeOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(causeOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
