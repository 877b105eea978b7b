import { setImmediate } from 'node:timers/promises';
import { createKeyedWork } from './keyed-work.ts';

const event = (key: string, id: string) => ({ id, source: key });

/** A handler whose calls end when the test says so. */
function manual() {
  const calls: { readonly id: unknown; readonly attempt: number; end(error?: Error): Promise<void> }[] = [];
  const handle = ({
    content,
    attempt,
  }: {
    readonly content: unknown;
    readonly attempt: number;
  }): Promise<void> => {
    const call = Promise.withResolvers<void>();
    calls.push({
      id: (content as { readonly id?: unknown }).id,
      attempt,
      end: async (error) => {
        if (error === undefined) call.resolve();
        else call.reject(error);
        await setImmediate();
      },
    });
    return call.promise;
  };
  return { calls, handle, ids: () => calls.map(({ id }) => id) };
}

it('runs keys side by side, events of one key in order, and no more than allowed', async () => {
  const { calls, handle, ids } = manual();
  const lane = createKeyedWork({ concurrency: 2, handle }).lane();
  const done = ['a1', 'a2', 'b1', 'c1'].map((id) => lane.add(event(id.slice(0, 1), id), 1));
  await setImmediate();
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
  expect(calls[2]).toMatchObject({ id: 'a1', attempt: 5 });
  await calls[2]?.end();
  expect(await first).toBe(true);
});

it('gives up what waits in a lane that is dropped, and lets the rest end', async () => {
  const { calls, handle, ids } = manual();
  const work = createKeyedWork({ concurrency: 9, handle });
  const [lane, kept] = [work.lane(), work.lane()];
  const running = lane.add(event('a', 'a1'), 1);
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
