import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { serverControl } from '../../test/servers/control.ts';
import { locksConformance } from './conformance.ts';
import { openRedisLocks } from './redis.ts';

const url = process.env['PERDURE_TEST_REDIS_URL'] ?? '';

locksConformance({
  name: 'Redis',
  address: () => ({ url }),
  open: () => Promise.resolve(openRedisLocks(url, () => undefined)),
  isFair: true,
  ttlMs: 1_000,
  slackMs: 200,
  control: serverControl,
});

test('tokens of Redis grow where the server has lost all that it had', async () => {
  const locks = openRedisLocks(url, () => undefined);
  const client = new Redis(url);
  const key = 'lost-with-the-disk';
  const first = await locks.acquire({ key, holder: 'a', ttlMs: 30_000, waitMs: 0 });
  await client.flushall();
  // No server is back within the millisecond in which it was lost.
  await delay(5);
  const second = await locks.acquire({ key, holder: 'b', ttlMs: 30_000, waitMs: 0 });
  expect(BigInt(second?.token ?? 0)).toBeGreaterThan(BigInt(first?.token ?? 0));
  expect(await locks.renew({ key, holder: 'a', token: first?.token ?? '', ttlMs: 30_000 })).toBeUndefined();
  client.disconnect();
  await locks.close();
});
