import { signalLanes } from './signal-lanes.ts';

interface Item {
  readonly n: number;
}

class RefusedError extends Error {}

const options = {
  perSecond: 1_000,
  isRefusal: (error: unknown): boolean => error instanceof RefusedError,
};

const items = (count: number): Item[] => Array.from({ length: count }, (_, n) => ({ n: n + 1 }));

/** Lanes whose signals are noted; `refuse` and `fail` say what happens to a signal that holds an item. */
function lanesOf(refuse: readonly number[] = [], fail: readonly number[] = []) {
  const sent: string[] = [];
  const send = signalLanes<Item>(async (id, batch) => {
    await new Promise((resolve) => setImmediate(resolve));
    if (batch.some(({ n }) => fail.includes(n))) throw new Error('away');
    if (batch.some(({ n }) => refuse.includes(n))) throw new RefusedError();
    sent.push(`${id} ${batch.map(({ n }) => n).join(',')}`);
    return true;
  }, options);
  const all = async (count: number): Promise<string[]> => {
    const results = await Promise.allSettled(items(count).map((item) => send('a', item)));
    return results.map(({ status }) => status);
  };
  return { sent, send, all };
}

test('what comes while a signal is under way goes in the next, in order and a hundred at most', async () => {
  const { sent, all, send } = lanesOf();
  await Promise.all([all(202), send('b', { n: 1 })]);
  const range = (from: number, to: number): string =>
    items(to)
      .slice(from - 1)
      .map(({ n }) => n)
      .join(',');
  expect(sent).toEqual(['a 1', 'b 1', `a ${range(2, 101)}`, `a ${range(102, 201)}`, 'a 202']);
});

test('an item that is refused is refused alone', async () => {
  const { sent, all } = lanesOf([3]);
  const results = await all(5);
  expect(results).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  expect(sent).toEqual(['a 1', 'a 2', 'a 4', 'a 5']);
});

test('nothing overtakes an item that failed in any other way', async () => {
  const { sent, all } = lanesOf([], [3]);
  expect(await all(5)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected', 'rejected']);
  expect(sent).toEqual(['a 1']);
});

test('also not when it fails while it is sent alone', async () => {
  const send = signalLanes<Item>(async (_, batch) => {
    if (batch.length > 1) throw new RefusedError();
    if (batch[0]?.n === 4) throw new Error('away');
    return true;
  }, options);
  const results = await Promise.allSettled(items(6).map((item) => send('a', item)));
  expect(results.map(({ status }) => status === 'fulfilled')).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});

test('a lane that failed goes on with what comes later', async () => {
  const { sent, all, send } = lanesOf([], [2]);
  await all(3);
  expect(await send('a', { n: 9 })).toBe(true);
  expect(sent).toEqual(['a 1', 'a 9']);
});
