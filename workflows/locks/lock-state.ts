/** The rules of a lock, without Temporal: first come, first served; who does not come back is left out. Pure. */
import type { LockAnswer, LockClaim, LockRecord, LockRelease, LockRenewal, LockWaiter } from '../contract.ts';

/** So many of those that wait may wait in an update: the server has room for 10 at once, and others renew and release. */
export const frontPlaces = 5;

/** How long a lease is that was given to who waits, until they say that they are still there. */
const confirmMs = 10_000;

/** How long a place is kept for who does not ask again. */
const patienceMs = 20_000;

// What far ones ask costs the lock as much as what it is for.
const minRetryMs = 200;
const maxRetryMs = 8_000;

/** A lock that nobody has ever held. */
export const newLock: LockRecord = { token: 0, queue: [], turnMs: 1_000 };

/** The lock after everything that time has done to it. */
export function settled(lock: LockRecord, now: number): LockRecord {
  const queue = lock.queue.some(({ seenUntil }) => seenUntil < now)
    ? lock.queue.filter(({ seenUntil }) => seenUntil >= now)
    : lock.queue;
  const isHeld = lock.held !== undefined && lock.held.expiresAt > now;
  const [next, ...others] = queue;
  // A holder whose lease ran out keeps the lock until somebody else wants it.
  if (isHeld || next === undefined) return queue === lock.queue ? lock : { ...lock, queue };
  const token = Math.max(lock.token + 1, now);
  const { holder, ttlMs } = next;
  const turnMs = lock.held === undefined ? lock.turnMs : averaged(lock.turnMs, now - lock.held.since);
  const held = { holder, token, since: now };
  const given =
    ttlMs <= confirmMs
      ? { ...held, expiresAt: now + ttlMs }
      : { ...held, expiresAt: now + confirmMs, isBrief: true as const };
  return { token, held: given, queue: others, turnMs };
}

/** The lock after somebody asked for it. */
export function claimed(lock: LockRecord, claim: LockClaim, now: number): LockRecord {
  const { holder, ttlMs, waitMs } = claim;
  const isTheirs = lock.held?.holder === holder;
  if (isTheirs) return extended(lock, claim, now);
  const seenUntil = now + Math.max(waitMs, maxRetryMs) + patienceMs;
  const place = placeOf(lock, holder);
  const waiter: LockWaiter = { holder, ttlMs, seenUntil, since: lock.queue[place]?.since ?? now };
  const queue = place < 0 ? [...lock.queue, waiter] : lock.queue.with(place, waiter);
  return extended(settled({ ...lock, queue }, now), claim, now);
}

/** Gives the holder the whole of its lease. */
function extended(lock: LockRecord, { holder, ttlMs }: Omit<LockClaim, 'waitMs'>, now: number): LockRecord {
  if (lock.held?.holder !== holder) return lock;
  const { isBrief: _, ...held } = lock.held;
  return { ...lock, held: { ...held, expiresAt: now + ttlMs } };
}

/** What to tell who asked. */
export function answerTo({ holder, ttlMs }: LockClaim, lock: LockRecord): LockAnswer {
  const { held } = lock;
  if (held?.holder === holder) {
    const { token, expiresAt, isBrief } = held;
    return { token: String(token), expiresAt, ...(isBrief && { isBrief }) };
  }
  const place = placeOf(lock, holder);
  if (place < frontPlaces) return { place, retryAfterMs: 0 };
  // One that got it while it was away has to hear of it before its lease is over.
  const untilFrontMs = ((place - frontPlaces + 1) * lock.turnMs) / 2;
  const retryAfterMs = Math.min(Math.max(untilFrontMs, minRetryMs), maxRetryMs, ttlMs / 2);
  return { place, retryAfterMs: Math.round(retryAfterMs) };
}

/** The lock after a renewal, or undefined where it is not the holder's. */
export function renewed(
  lock: LockRecord,
  { holder, token, ttlMs }: LockRenewal,
  now: number,
): LockRecord | undefined {
  const { held } = lock;
  if (held?.holder !== holder || String(held.token) !== token) return undefined;
  return extended(lock, { holder, ttlMs }, now);
}

/** The lock after somebody let go of it, or of a place in the queue. */
export function released(lock: LockRecord, { holder, token }: LockRelease, now: number): LockRecord {
  const queue =
    token === undefined && placeOf(lock, holder) >= 0
      ? lock.queue.filter((waiter) => waiter.holder !== holder)
      : lock.queue;
  const { held, ...others } = lock;
  const isTheirs = held?.holder === holder && (token === undefined || String(held.token) === token);
  if (!isTheirs) return settled({ ...lock, queue }, now);
  return settled({ ...others, queue, turnMs: averaged(lock.turnMs, now - held.since) }, now);
}

/** Where the holder waits, from 0; -1 where it does not. */
export function placeOf({ queue }: LockRecord, holder: string): number {
  return queue.findIndex((waiter) => waiter.holder === holder);
}

/** When the lock has to be looked at though nobody asks; undefined: never. */
export function nextMoment({ held, queue }: LockRecord): number | undefined {
  return held !== undefined && queue.length > 0 ? held.expiresAt : undefined;
}

function averaged(average: number, latest: number): number {
  return Math.round(average * 0.8 + latest * 0.2);
}
