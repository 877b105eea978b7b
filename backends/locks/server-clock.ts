/** The time of a server, from what it writes on its records. */
export interface ServerClock {
  /** Milliseconds since the epoch. */
  now(): Promise<number>;
  /** Takes note of a time that the server has just told. */
  saw(time: number): void;
}

// Clocks drift apart by less than a millisecond in that time.
const freshMs = 10_000;

/** A clock that asks the server by `read` when it has heard nothing of it for a while. */
export function createServerClock(read: () => Promise<number>): ServerClock {
  let ahead = 0;
  let seenAt = -Infinity;

  function saw(time: number): void {
    seenAt = performance.now();
    ahead = time - Date.now();
  }

  return {
    saw,
    async now() {
      if (performance.now() - seenAt > freshMs) saw(await read());
      return Date.now() + ahead;
    },
  };
}
