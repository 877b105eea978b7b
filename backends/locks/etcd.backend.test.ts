import { serverControl } from '../../test/servers/control.ts';
import { locksConformance } from './conformance.ts';
import { openEtcdLocks } from './etcd.ts';

const url = process.env['PERDURE_TEST_ETCD_URL'] ?? '';

locksConformance({
  name: 'etcd',
  address: () => ({ url }),
  open: () => openEtcdLocks(url),
  isFair: true,
  ttlMs: 2_000,
  slackMs: 1_500,
  control: serverControl,
});
