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
