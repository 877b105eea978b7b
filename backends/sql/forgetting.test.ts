import { forgetting, forgottenAtOnce } from './forgetting.ts';

async function settled(check: () => boolean): Promise<void> {
  const giveUpAt = Date.now() + 10_000;
  while (!check() && Date.now() < giveUpAt) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(check()).toBe(true);
}

test('goes on until few rows are left, and looks no more for a while', async () => {
  const found = [forgottenAtOnce, forgottenAtOnce, 3, 7];
  let looks = 0;
  const calls = forgetting(() => Promise.resolve(found[looks++] ?? 0));
  for (let n = 0; n < 100; n++) calls.look();
  await settled(() => looks === 3);
  calls.look();
  await calls.stop();
  expect(looks).toBe(3);
});

test('a failure is nobody else’s, and nothing begins after the stop', async () => {
  let looks = 0;
  const calls = forgetting(() => {
    looks += 1;
    return Promise.reject(new Error('no right to delete'));
  });
  calls.look();
  await calls.stop();
  calls.look();
  await calls.stop();
  expect(looks).toBe(1);
});

test('a stop waits for the statement that runs, and no other follows', async () => {
  const { promise, resolve } = Promise.withResolvers<number>();
  let looks = 0;
  const calls = forgetting(() => {
    looks += 1;
    return promise;
  });
  calls.look();
  let isStopped = false;
  const stopping = calls.stop().then(() => (isStopped = true));
  await new Promise(setImmediate);
  expect(isStopped).toBe(false);
  resolve(forgottenAtOnce);
  await stopping;
  expect(looks).toBe(1);
});
