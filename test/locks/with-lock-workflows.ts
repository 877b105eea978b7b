/** Workflows for the tests of `withLock`, with the lock itself. */
import { condition, continueAsNew, defineSignal, setHandler, sleep } from '@temporalio/workflow';
import { withLock, type WithLockOptions } from '../../workflows/locks/with-lock.ts';

export { perdureLock } from '../../workflows/locks/lock.ts';

const finish = defineSignal('finish');

/** Holds the lock until it is told to finish, and gives its token. */
export async function holdUntilTold(key: string, options: WithLockOptions): Promise<string> {
  let isTold = false;
  setHandler(finish, () => void (isTold = true));
  return await withLock(key, options, async ({ token }) => {
    await condition(() => isTold);
    return token;
  });
}

/** Continues as new under the lock, so many times, and gives the tokens of all runs. */
export async function holdAndContinue(
  key: string,
  times: number,
  tokens: readonly string[] = [],
): Promise<readonly string[]> {
  return await withLock(key, { ttl: '5 seconds' }, async ({ token }) => {
    const all = [...tokens, token];
    await sleep(10);
    if (times > 0) await continueAsNew<typeof holdAndContinue>(key, times - 1, all);
    return all;
  });
}

/** Two holds at once, and one after them: their tokens, each with whether another one was held at the same time. */
export async function holdSeveral(key: string): Promise<readonly string[]> {
  let held = 0;
  const hold = (): Promise<string> =>
    withLock(key, {}, async ({ token }) => {
      held += 1;
      await sleep(50);
      const seen = held;
      held -= 1;
      return `${token} ${seen}`;
    });
  const both = await Promise.all([hold(), hold()]);
  return [...both, await hold()];
}
