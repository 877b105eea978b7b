import { discoveryConformance } from './conformance.ts';
import { openSession } from './zookeeper-session.ts';

const url = process.env.PERDURE_TEST_ZOOKEEPER_URL ?? '';
const path = `test/${process.pid}`;

discoveryConformance('ZooKeeper', {
  url: `${url}/${path}`,
  closedUrl: 'zookeeper://ann:hunter2-secret@127.0.0.1:1',
  async forget(service) {
    const session = openSession({ hosts: new URL(url).host, timeoutMs: 5_000 });
    const folder = `/${path}/${service}`;
    const ids = (await session.children(folder, () => undefined)) ?? [];
    for (const id of ids) await session.remove(`${folder}/${id}`);
    session.close();
  },
});
