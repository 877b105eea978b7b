import { openLocks } from './open.ts';

const missing = (): never => {
  throw new Error('Nobody connects before there is something to do');
};
const sources = { temporal: { client: missing, taskQueue: missing } };

describe('openLocks', () => {
  it('opens Temporal without asking for its client', async () => {
    const locks = await openLocks('temporal:', sources);
    await locks.close();
  });

  it.each([
    ['zookeper://host', 'expected temporal:, redis://…'],
    ['no url', 'is not supported'],
    ['etcd://user:hunter2-secret@', 'expected scheme://'],
    ['etcd://host?color=red', 'has no parameter "color"'],
    ['etcd://host?ca=/nowhere', 'does not use it; write etcds:'],
    ['consul://host?lockDelayMs=long', 'lockDelayMs is a whole number'],
    ['consul://one,two', 'names one agent'],
    ['zookeeper://[::1]:2181', 'has no IPv6 addresses'],
  ])('refuses %s', async (url, reason) => {
    const opened = openLocks(url, sources);
    await expect(opened).rejects.toThrow(TypeError);
    await expect(opened).rejects.toThrow(reason);
    await expect(opened).rejects.toThrow(/^locks: /);
    await expect(opened).rejects.not.toThrow('hunter2-secret');
  });
});
