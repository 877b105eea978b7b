import { setTimeout as sleep } from 'node:timers/promises';
import { randomFrom } from '../../test/random.ts';

export interface Trouble {
  readonly seed: number;
  /** How often a bridge is killed, and how the nth is; it comes back after so many milliseconds. */
  readonly kills: number;
  readonly kill: (nth: number, pauseMs: number) => Promise<void>;
  /** How often the broker is restarted, and how. */
  readonly restarts: number;
  readonly restart: () => Promise<void>;
  /** The part of the events that was acted on so far. */
  readonly progress: () => number;
  readonly isOver: () => boolean;
  readonly print: (line: string) => void;
}

/** Makes trouble at random moments of the way, one after the other. */
export async function makeTrouble(options: Trouble): Promise<void> {
  const { seed, kills, kill, restarts, restart, progress, isOver, print } = options;
  const random = randomFrom(seed);
  const troubles = [
    ...Array.from({ length: kills }, (_, nth) => {
      const pauseMs = Math.floor(random() * 2_000);
      return { at: random(), what: 'killed a bridge', make: () => kill(nth, pauseMs) };
    }),
    ...Array.from({ length: restarts }, () => ({
      at: random(),
      what: 'restarted the broker',
      make: restart,
    })),
  ].sort((left, right) => left.at - right.at);
  for (const { at, what, make } of troubles) {
    // Never behind the last event, where nothing would be at stake.
    while (progress() < at * 0.95 && !isOver()) await sleep(20);
    if (isOver()) return;
    const part = `${(progress() * 100).toFixed(0)} %`;
    await make();
    print(`${what} at ${part} of the events`);
  }
}
