import { setImmediate } from 'node:timers/promises';
import { createKeyedWork } from './keyed-work.ts';
import type { ReceivedEvent } from './port.ts';

const event = (key: string, id: string) => ({ id, source: key });

const idOf = (content: unknown): unknown => (content as { readonly id?: unknown }).id;

/** A handler whose calls end when the test says so. */
function manual() {
  const calls: { readonly ids: string; readonly attempt: number; end(error?: Error): Promise<void> }[] = [];
  const handle = ({ content, attempt, following = [] }: ReceivedEvent): Promise<void> => {
    const call = Promise.withResolvers<void>();
    calls.push({
      ids: [content, ...following].map(idOf).join(' '),
      attempt,
      end: async (error) => {
        if (error === undefined) call.resolve();
        else call.reject(error);
        await setImmediate();
      },
    });
    return call.promise;
  };
  return { calls, handle, ids: () => calls.map(({ ids }) => ids) };
}

it('runs keys side by side, events of one key in order, and no more than allowed', async () => {
  const { calls, handle, ids } = manual();
  const lane = createKeyedWork({ concurrency: 2, handle }).lane();
  const add = (id: string): Promise<boolean> => lane.add(event(id.slice(0, 1), id), 1);
  const done = [add('a1'), add('b1')];
  await setImmediate();
  done.push(add('a2'), add('c1'));
  expect(ids()).toEqual(['a1', 'b1']);
  await calls[1]?.end();
  expect(ids()).toEqual(['a1', 'b1', 'c1']);
  await calls[0]?.end();
  expect(ids()).toEqual(['a1', 'b1', 'c1', 'a2']);
  await calls[2]?.end();
  await calls[3]?.end();
  expect(await Promise.all(done)).toEqual([true, true, true, true]);
  expect(lane.size).toBe(0);
});

it('keeps events of one key in order over lanes, and those without a key not at all', async () => {
  const { calls, handle, ids } = manual();
  const work = createKeyedWork({ concurrency: 9, handle });
  const [one, other] = [work.lane(), work.lane()];
  void one.add(event('a', 'a1'), 1);
  await setImmediate();
  void other.add({ id: 'a2', source: 'x', partitionkey: 'a' }, 1);
  void other.add({ id: 'n1' }, 1);
  void other.add({ id: 'n2' }, 1);
  await setImmediate();
  expect(ids()).toEqual(['a1', 'n1', 'n2']);
  await calls[0]?.end();
  expect(ids()).toEqual(['a1', 'n1', 'n2', 'a2']);
});

it('tries again what its handler rejected, and gives its place to others meanwhile', async () => {
  const { calls, handle, ids } = manual();
  const lane = createKeyedWork({ concurrency: 1, handle }).lane();
  const first = lane.add(event('a', 'a1'), 4);
  void lane.add(event('b', 'b1'), 1);
  await setImmediate();
  await calls[0]?.end(new Error('not yet'));
  expect(ids()).toEqual(['a1', 'b1']);
  await calls[1]?.end();
  while (calls.length < 3) await setImmediate();
  expect(calls[2]).toMatchObject({ ids: 'a1', attempt: 5 });
  await calls[2]?.end();
  expect(await first).toBe(true);
});

it('gives up what waits in a lane that is dropped, and lets the rest end', async () => {
  const { calls, handle, ids } = manual();
  const work = createKeyedWork({ concurrency: 9, handle });
  const [lane, kept] = [work.lane(), work.lane()];
  const running = lane.add(event('a', 'a1'), 1);
  await setImmediate();
  const waiting = lane.add(event('a', 'a2'), 1);
  void kept.add(event('a', 'a3'), 1);
  await setImmediate();
  let isDropped = false;
  const dropped = lane.drop().then(() => (isDropped = true));
  expect(await waiting).toBe(false);
  expect(isDropped).toBe(false);
  await calls[0]?.end();
  await dropped;
  expect(await running).toBe(true);
  expect(await lane.add(event('a', 'a4'), 1)).toBe(false);
  await setImmediate();
  expect(ids()).toEqual(['a1', 'a3']);
});

it('does not try again in a lane that is dropped', async () => {
  const { calls, handle } = manual();
  const lane = createKeyedWork({ concurrency: 1, handle }).lane();
  const waiting = lane.add(event('a', 'a1'), 1);
  await setImmediate();
  await calls[0]?.end(new Error('not yet'));
  await lane.drop();
  expect(await waiting).toBe(false);
});

it('begins nothing while it is paused', async () => {
  const { calls, handle, ids } = manual();
  const work = createKeyedWork({ concurrency: 9, handle });
  const lane = work.lane();
  void lane.add(event('a', 'a1'), 1);
  await setImmediate();
  work.pause();
  void lane.add(event('b', 'b1'), 1);
  const settled = work.settled();
  await calls[0]?.end();
  await settled;
  expect(ids()).toEqual(['a1']);
  work.resume();
  await setImmediate();
  expect(ids()).toEqual(['a1', 'b1']);
});

it('hands over together what waits of a key, with one outcome for all', async () => {
  const { calls, handle, ids } = manual();
  const [one, other] = [createKeyedWork({ concurrency: 9, handle })].flatMap((work) => [
    work.lane(),
    work.lane(),
  ]);
  const done: unknown[] = [];
  for (const id of ['a1', 'a2', 'a3']) {
    void (id === 'a2' ? other : one)?.add(event('a', id), 1).then((isDone) => done.push([id, isDone]));
  }
  await setImmediate();
  expect(ids()).toEqual(['a1 a2 a3']);
  void one?.add(event('a', 'a4'), 1);
  await calls[0]?.end(new Error('not yet'));
  expect(done).toEqual([]);
  while (calls.length < 2) await setImmediate();
  expect(calls[1]).toMatchObject({ ids: 'a1 a2 a3 a4', attempt: 2 });
  await calls[1]?.end();
  expect(done).toEqual([
    ['a1', true],
    ['a2', true],
    ['a3', true],
  ]);
});

it('hands over together no more than there is room for, and few while other keys wait', async () => {
  const { calls, handle, ids } = manual();
  const lane = createKeyedWork({ concurrency: 16, handle }).lane();
  const add = (key: string, count: number): void => {
    for (let n = 0; n < count; n += 1) void lane.add(event(key, key), 1);
  };
  add('a', 100);
  add('b', 3);
  await setImmediate();
  expect(ids()).toEqual(['a a', 'b b b']);
  await calls[1]?.end();
  add('c', 20);
  await setImmediate();
  // Two of `a` are in hand, and no key waits beside `c`.
  expect(ids().slice(2)).toEqual([Array(8).fill('c').join(' ')]);
  await calls[2]?.end();
  await calls[0]?.end();
  expect(ids().slice(3)).toEqual([Array(8).fill('c').join(' '), Array(8).fill('a').join(' ')]);
});

it('waits until there is room for what it hands over together', async () => {
  const { calls, handle, ids } = manual();
  const lane = createKeyedWork({ concurrency: 4, handle }).lane();
  for (const id of ['a1', 'b1', 'c1']) void lane.add(event(id.slice(0, 1), id), 1);
  await setImmediate();
  for (const id of ['d1', 'd2', 'd3']) void lane.add(event('d', id), 1);
  await setImmediate();
  expect(ids()).toEqual(['a1', 'b1', 'c1']);
  await calls[1]?.end();
  expect(ids()).toEqual(['a1', 'b1', 'c1', 'd1 d2']);
});

it('gives up of what is in hand together only what its lane lost', async () => {
  const { calls, handle, ids } = manual();
  const work = createKeyedWork({ concurrency: 9, handle });
  const [lane, kept] = [work.lane(), work.lane()];
  const lost = lane.add(event('a', 'a1'), 1);
  const waiting = kept.add(event('a', 'a2'), 1);
  await setImmediate();
  const dropped = lane.drop();
  await calls[0]?.end(new Error('not yet'));
  await dropped;
  expect(await lost).toBe(false);
  while (calls.length < 2) await setImmediate();
  expect(ids()).toEqual(['a1 a2', 'a2']);
  await calls[1]?.end();
  expect(await waiting).toBe(true);
});
