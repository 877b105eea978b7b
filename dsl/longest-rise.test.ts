import { longestRise } from './longest-rise.ts';

test.each<[readonly number[], readonly number[]]>([
  [[], []],
  [[0], [0]],
  [
    [0, 1, 2, 3],
    [0, 1, 2, 3],
  ],
  [[1, 0], [1]],
  [
    [1, 2, 0],
    [1, 2],
  ],
  [
    [2, 0, 1],
    [0, 1],
  ],
  [
    [0, 3, 1, 2, 4],
    [0, 1, 2, 4],
  ],
  [
    [4, 0, 3, 1, 2],
    [0, 1, 2],
  ],
  [
    [0, 3, 2, 1],
    [0, 2],
  ],
])('of %j rise %j', (numbers, rising) => {
  const positions = longestRise(numbers);
  expect(numbers.filter((_, position) => positions.has(position))).toEqual(rising);
});

test('as long as any, in every order of six', () => {
  const orders = (left: readonly number[]): readonly (readonly number[])[] =>
    left.length === 0
      ? [[]]
      : left.flatMap((first) =>
          orders(left.filter((number) => number !== first)).map((rest) => [first, ...rest]),
        );
  for (const order of orders([0, 1, 2, 3, 4, 5])) {
    const lengths = order.map(() => 1);
    for (const [at, number] of order.entries()) {
      for (const [earlier, less] of order.slice(0, at).entries()) {
        if (less < number) lengths[at] = Math.max(lengths[at] ?? 0, (lengths[earlier] ?? 0) + 1);
      }
    }
    const kept = order.filter((_, position) => longestRise(order).has(position));
    expect(kept).toEqual(kept.toSorted((a, b) => a - b));
    expect(kept).toHaveLength(Math.max(...lengths));
  }
});
