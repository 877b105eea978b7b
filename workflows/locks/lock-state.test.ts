import type { LockRecord } from '../contract.ts';
import {
  answerTo,
  claimed,
  frontPlaces,
  newLock,
  nextMoment,
  placeOf,
  released,
  renewed,
  settled,
} from './lock-state.ts';

const now = 1_700_000_000_000;
const ttlMs = 10_000;
const claim = (holder: string, waitMs = 5_000) => ({ holder, ttlMs, waitMs });
const claims = (...holders: readonly string[]): LockRecord =>
  holders.reduce((lock, holder, index) => claimed(lock, claim(holder), now + index), newLock);

describe('a lock', () => {
  it('is had by the first one, under a token that is not behind the clock', () => {
    const lock = claims('a', 'b', 'c');
    expect(answerTo(claim('a'), lock)).toEqual({ token: String(now), expiresAt: now + ttlMs });
    expect(answerTo(claim('c'), lock)).toEqual({ place: 1, retryAfterMs: 0 });
  });

  it('gives its holder the same token again, and a lease that begins anew', () => {
    const lock = claimed(claims('a', 'b'), claim('a'), now + 9_000);
    expect(answerTo(claim('a'), lock)).toEqual({ token: String(now), expiresAt: now + 19_000 });
  });

  it('keeps the place of who asks again, and leaves out who does not', () => {
    let lock = claims('a', 'b', 'c');
    lock = claimed(lock, claim('c'), now + 29_000);
    expect(placeOf(lock, 'b')).toBe(-1);
    expect(lock.held?.holder).toBe('c');
  });

  it('goes to the next one when it is let go or its lease is over, and tokens only grow', () => {
    const next = released(claims('a', 'b', 'c'), { holder: 'a', token: String(now) }, now);
    expect(next.held).toMatchObject({ holder: 'b', token: now + 1 });
    const over = settled(next, now + ttlMs + 1);
    expect(over.held).toMatchObject({ holder: 'c', token: now + ttlMs + 1 });
    // A clock that was set back.
    const back = claimed(released(over, { holder: 'c' }, now - 99), claim('d'), now - 99);
    expect(back.held?.token).toBe(now + ttlMs + 2);
  });

  it('is given only briefly to who waited, until they ask once more', () => {
    const long = { holder: 'b', ttlMs: 60_000, waitMs: 5_000 };
    const given = released(claimed(claims('a'), long, now), { holder: 'a' }, now);
    expect(answerTo(long, given)).toEqual({ token: String(now + 1), expiresAt: now + 10_000, isBrief: true });
    expect(answerTo(long, claimed(given, long, now))).toEqual({
      token: String(now + 1),
      expiresAt: now + 60_000,
    });
  });

  it('stays with a holder whose lease is over while nobody else wants it', () => {
    const lock = settled(claims('a'), now + 60_000);
    expect(renewed(lock, { holder: 'a', token: String(now), ttlMs }, now + 60_000)?.held?.expiresAt).toBe(
      now + 70_000,
    );
    expect(nextMoment(lock)).toBeUndefined();
    expect(nextMoment(claims('a', 'b'))).toBe(now + ttlMs);
  });

  it('is neither renewed nor let go under another token', () => {
    const lock = claims('a');
    expect(renewed(lock, { holder: 'a', token: '1', ttlMs }, now)).toBeUndefined();
    expect(renewed(lock, { holder: 'b', token: String(now), ttlMs }, now)).toBeUndefined();
    expect(released(lock, { holder: 'a', token: '1' }, now).held).toEqual(lock.held);
  });

  it('lets who gives up leave the queue, and with a token only the lock', () => {
    const lock = claims('a', 'b', 'c');
    expect(placeOf(released(lock, { holder: 'b' }, now), 'b')).toBe(-1);
    expect(placeOf(released(lock, { holder: 'b', token: '7' }, now), 'b')).toBe(0);
  });

  it('has those far behind ask less often, but before a lease could be over', () => {
    const lock = claims(...Array.from({ length: 50 }, (_, index) => `h${index}`));
    const pause = (place: number): number => {
      const answer = answerTo(claim(`h${place + 1}`), lock);
      return 'place' in answer ? answer.retryAfterMs : -1;
    };
    expect(pause(frontPlaces - 1)).toBe(0);
    expect(pause(frontPlaces)).toBeGreaterThan(0);
    expect(pause(frontPlaces + 3)).toBeGreaterThan(pause(frontPlaces));
    expect(pause(40)).toBe(ttlMs / 2);
  });
});
