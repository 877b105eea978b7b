import { signalPace } from './signal-pace.ts';

/** When so many turns that are taken as soon as they are there come, in milliseconds from the first. */
function turns(pace: ReturnType<typeof signalPace>, id: string, count: number, from = 0): number[] {
  let now = from;
  return Array.from({ length: count }, () => {
    now += pace(id, now);
    return now - from;
  });
}

test('gives a second of turns at once, then one after the other', () => {
  expect(turns(signalPace(5), 'a', 8)).toEqual([0, 0, 0, 0, 0, 200, 400, 600]);
});

test('gives the same again after a pause, and part of it after a shorter one', () => {
  const pace = signalPace(5);
  turns(pace, 'a', 8);
  expect(turns(pace, 'a', 4, 1_000)).toEqual([0, 0, 200, 400]);
  expect(turns(pace, 'a', 6, 10_000)).toEqual([0, 0, 0, 0, 0, 200]);
});

test('counts each id by itself, also when there are many', () => {
  const pace = signalPace(5);
  turns(pace, 'a', 10);
  for (let id = 0; id < 5_000; id++) expect(pace(`other-${id}`, 1_000)).toBe(0);
  expect(turns(pace, 'a', 1, 1_000)).toEqual([200]);
});

test('takes less than one a second', () => {
  expect(turns(signalPace(0.5), 'a', 3)).toEqual([0, 2_000, 4_000]);
});
