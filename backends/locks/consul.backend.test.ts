import { serverControl } from '../../test/servers/control.ts';
import { locksConformance } from './conformance.ts';
import { openConsulLocks } from './consul.ts';

const url = process.env['PERDURE_TEST_CONSUL_URL'] ?? '';

locksConformance({
  name: 'Consul',
  address: () => ({ url }),
  open: () => openConsulLocks(url),
  isFair: true,
  ttlMs: 10_000,
  slackMs: 2_000,
  control: serverControl,
});
