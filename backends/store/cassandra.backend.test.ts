import { randomUUID } from 'node:crypto';
import { serverControl } from '../../test/servers/control.ts';
import { storeConformance } from './conformance.ts';

const url = process.env.PERDURE_TEST_CASSANDRA_URL ?? '';

storeConformance('cassandra', {
  place: () => ({ url, data: '' }),
  fresh: () => {
    const other = new URL(url);
    other.pathname = `/perdure_${randomUUID().slice(0, 8)}`;
    return Promise.resolve({ url: other.href, data: '' });
  },
  server: serverControl(),
});
