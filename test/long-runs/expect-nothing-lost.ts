import type { LoopResult } from './interrupted-loop.ts';
import { mostEvents, mostHistoryBytes } from './runs.ts';

/** Every item was asked about under a key of its own, in order, and its answer is in its place. */
export function expectNothingLost({ requests, used, runs }: LoopResult, items: number): void {
  const keys = Array.from({ length: items }, () => new Set<string>());
  const answers = Array.from({ length: items }, () => new Set<string>());
  for (const { item, key, answer } of requests) {
    keys[item]?.add(key);
    answers[item]?.add(answer);
  }
  // Compared as a whole: a list of what is wrong says more than the first of ten thousand that fails.
  const wrong = (isWrong: (item: number) => boolean): readonly number[] => [...keys.keys()].filter(isWrong);
  expect(wrong((item) => keys[item]?.size !== 1)).toEqual([]);
  expect(new Set(requests.map(({ key }) => key)).size).toBe(items);
  expect(used).toHaveLength(items);
  expect(wrong((item) => answers[item]?.has(used[item] ?? '') !== true)).toEqual([]);
  const order = requests.map(({ item }) => item);
  expect(order.filter((item, index) => item < (order[index - 1] ?? 0))).toEqual([]);

  expect(runs.length).toBeGreaterThan(1);
  expect(Math.max(...runs.map(({ historyLength }) => historyLength))).toBeLessThan(mostEvents);
  expect(Math.max(...runs.map(({ historyBytes }) => historyBytes))).toBeLessThan(mostHistoryBytes);
}
