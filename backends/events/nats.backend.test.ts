import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, headers as createHeaders } from '@nats-io/transport-node';
import { eventSystemConformance } from './conformance.ts';

const given = process.env.PERDURE_TEST_NATS_URL ?? '';
let count = 0;

function streamOf(url: string): string {
  return new URL(url).pathname.slice(1);
}

eventSystemConformance({
  name: 'nats',
  countsDeliveries: true,
  closedUrl: 'nats://ann:hunter2-secret@127.0.0.1:1/',
  newUrl: () => {
    count += 1;
    return `${given}/test-${process.pid}-${count}?lanes=4`;
  },
  async cleanUp(url) {
    const connection = await connect({ servers: given });
    const { streams } = await jetstreamManager(connection);
    for (const name of [streamOf(url), `${streamOf(url)}-leases`]) {
      await streams.delete(name).catch(() => undefined);
    }
    await connection.close();
  },
  async publishForeign(url, { body, contentType, attributes = {} }) {
    const connection = await connect({ servers: given });
    const headers = createHeaders();
    for (const [name, value] of Object.entries(attributes))
      headers.set(`ce-${name}`, encodeURIComponent(value));
    if (contentType !== undefined) headers.set('content-type', contentType);
    await jetstream(connection).publish(`${streamOf(url)}.others.order.placed`, body, { headers });
    await connection.close();
  },
});
