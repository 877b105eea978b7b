import { Etcd3 } from 'etcd3';
import { discoveryConformance } from './conformance.ts';

const url = process.env.PERDURE_TEST_ETCD_URL ?? '';
const prefix = `test/${process.pid}`;

discoveryConformance('etcd', {
  url: `${url}/${prefix}`,
  closedUrl: 'etcd://ann:hunter2-secret@127.0.0.1:1',
  async forget(service) {
    const client = new Etcd3({ hosts: url.replace(/^etcd:/, 'http:') });
    await client.delete().prefix(`${prefix}/${service}/`);
    client.close();
  },
});
