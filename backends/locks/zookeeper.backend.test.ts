import { serverControl } from '../../test/servers/control.ts';
import { locksConformance } from './conformance.ts';
import { openZookeeperLocks } from './zookeeper.ts';

const url = process.env['PERDURE_TEST_ZOOKEEPER_URL'] ?? '';

locksConformance({
  name: 'ZooKeeper',
  address: () => ({ url }),
  open: () => Promise.resolve(openZookeeperLocks(url)),
  isFair: true,
  ttlMs: 1_000,
  slackMs: 300,
  control: serverControl,
});
