/**
 * How many signals an execution gets. Temporal bears about five a second for one execution in the long run: each is an
 * event of its history, and mostly a workflow task of its own.
 */

/**
 * For each id, when its next turn is: `perSecond` of them in the long run, and up to a second's worth at once after a
 * pause. Books the turn and gives how long it is away, in milliseconds; `now` is in milliseconds, of any clock that
 * never goes back. Whoever books waits before they book again.
 */
export function signalPace(perSecond: number): (id: string, now: number) => number {
  const intervalMs = 1_000 / perSecond;
  const burstMs = Math.max(0, 1_000 - intervalMs);
  // When the booked turns of an id are over if each took its interval. In the past: as good as never booked.
  const bookedUntil = new Map<string, number>();
  let forgetAbove = 1_000;

  function forgetIdle(now: number): void {
    if (bookedUntil.size < forgetAbove) return;
    for (const [id, until] of bookedUntil) if (until <= now) bookedUntil.delete(id);
    forgetAbove = Math.max(1_000, 2 * bookedUntil.size);
  }

  return (id, now) => {
    forgetIdle(now);
    const begin = Math.max(bookedUntil.get(id) ?? now, now);
    bookedUntil.set(id, begin + intervalMs);
    return Math.max(0, begin - now - burstMs);
  };
}
