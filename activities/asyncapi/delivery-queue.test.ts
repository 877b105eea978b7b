import { createDeliveryQueue } from './delivery-queue.ts';

const delivery = (text: string) => ({
  body: Buffer.from(text),
  headers: {},
  acknowledge: () => Promise.resolve(),
});
const aborted = AbortSignal.abort();
const never = new AbortController().signal;

test('gives messages in order, then nothing once the signal aborts, then its failure', async () => {
  const queue = createDeliveryQueue();
  void queue.push(delivery('a'));
  void queue.push(delivery('b'));
  expect((await queue.take(aborted))?.body.toString()).toBe('a');
  queue.fail(new Error('gone'));
  expect((await queue.take(never))?.body.toString()).toBe('b');
  await expect(queue.take(never)).rejects.toThrow('gone');
  expect(await createDeliveryQueue().take(aborted)).toBeUndefined();
});

test('asks to hold back, and ends where nobody does', async () => {
  const queue = createDeliveryQueue();
  let room: Promise<void> | undefined;
  while (room === undefined) room = queue.push(delivery('x'));
  let hasRoom = false;
  void room.then(() => (hasRoom = true));
  await queue.take(never);
  expect(hasRoom).toBe(false);
  for (let taken = 0; taken < 200; taken++) await queue.take(never);
  await room;
  for (let pushed = 0; pushed < 5_000; pushed++) void queue.push(delivery('x'));
  await expect(
    (async () => {
      for (;;) await queue.take(never);
    })(),
  ).rejects.toThrow('faster than they are taken');
});
