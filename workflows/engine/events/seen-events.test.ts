import { mayTake, noteTaken, type SeenEvents } from './seen-events.ts';

const listener = (path: string, seq: number, opened: number) => ({ path, seq, opened });

describe('an event that was taken', () => {
  const seen: SeenEvents = {};
  const first = listener('/do/0/a#1', 1, 0);
  noteTaken(seen, 'event', first, 1, 0);

  test.each([
    ['its own listener', first, false],
    ['a listener that began after it', listener('/do/1/b#1', 2, 1), false],
    ['a listener that began before it', listener('/do/1/b#1', 2, 0), true],
    ['a retry of its listener', listener('/do/0/a#1', 3, 1), true],
  ])('may be had by %s: %#', (_who, taker, may) => {
    expect(mayTake(seen, 'event', taker)).toBe(may);
  });
});

test('the last 2,000 events are known, whatever came before', () => {
  const seen: SeenEvents = {};
  const taker = listener('/do/0/a#1', 1, 0);
  for (let n = 1; n <= 3_000; n++) noteTaken(seen, `event ${n}`, taker, n, n);
  expect(mayTake(seen, 'event 1001', taker)).toBe(false);
  expect(mayTake(seen, 'event 3000', taker)).toBe(false);
  expect(mayTake(seen, 'event 1', taker)).toBe(true);
  expect(Object.keys(seen).length).toBeLessThan(2_250);
});
