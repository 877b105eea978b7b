import { backoff } from './retry-policy.ts';

const firstFour = (policy: Parameters<typeof backoff>[0]): number[] =>
  [1, 2, 3, 4].map((attempt) => backoff(policy, 3_000, attempt));

test.each([
  ['the same without a back-off', {}, [3_000, 3_000, 3_000, 3_000]],
  ['the same when constant', { backoff: { constant: {} } }, [3_000, 3_000, 3_000, 3_000]],
  ['one delay more each time when linear', { backoff: { linear: {} } }, [3_000, 6_000, 9_000, 12_000]],
  [
    'twice as long each time when exponential',
    { backoff: { exponential: {} } },
    [3_000, 6_000, 12_000, 24_000],
  ],
])('the pause is %s', (_, policy, expected) => {
  expect(firstFour(policy)).toEqual(expected);
});
