import { setTimeout as sleep } from 'node:timers/promises';
import { inTurn } from './in-turn.ts';

test('one at a time in a lane and in order, side by side in two', async () => {
  const run = inTurn(10_000);
  const log: string[] = [];
  const work = (name: string, ms: number) => async (): Promise<string> => {
    log.push(`${name} begins`);
    await sleep(ms);
    log.push(`${name} ends`);
    return name;
  };
  const { promise, resolve } = Promise.withResolvers<void>();
  const held = run(2, () => promise);
  expect(await Promise.all([run(1, work('a', 20)), run(1, work('b', 1))])).toEqual(['a', 'b']);
  resolve();
  await held;
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
});

test('a failure is that of its own work alone', async () => {
  const run = inTurn(10_000);
  const failed = run(1, () => Promise.reject(new Error('broken')));
  const next = run(1, () => Promise.resolve('done'));
  await expect(failed).rejects.toThrow('broken');
  expect(await next).toBe('done');
});

test('what waited too long is never begun', async () => {
  const run = inTurn(20);
  const first = run(1, () => sleep(60));
  const begun = jest.fn(() => Promise.resolve());
  await expect(run(1, begun)).rejects.toThrow('no turn within 20 ms');
  await first;
  expect(begun).not.toHaveBeenCalled();
});
