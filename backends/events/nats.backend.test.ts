import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, headers as createHeaders } from '@nats-io/transport-node';
import { findFreePort } from '../../temporal/free-port.ts';
import { makeCertificate } from '../../test/servers/certificate.ts';
import { natsProgram } from '../../test/servers/nats.ts';
import { startProgram } from '../../test/servers/server.ts';
import { laneSystemConformance } from './conformance-lanes.ts';
import { eventSystemConformance } from './conformance.ts';

const given = process.env.PERDURE_TEST_NATS_URL ?? '';
let count = 0;

function streamOf(url: string): string {
  return new URL(url).pathname.slice(1);
}

function newUrl(): string {
  count += 1;
  return `${given}/test-${process.pid}-${count}?lanes=4`;
}

async function cleanUp(url: string): Promise<void> {
  const connection = await connect({ servers: given });
  const { streams } = await jetstreamManager(connection);
  for (const name of [streamOf(url), `${streamOf(url)}-leases`]) {
    await streams.delete(name).catch(() => undefined);
  }
  await connection.close();
}

eventSystemConformance({
  name: 'nats',
  countsDeliveries: true,
  closedUrl: 'nats://ann:hunter2-secret@127.0.0.1:1/',
  newUrl,
  cleanUp,
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

laneSystemConformance({
  name: 'nats',
  newUrl,
  newSmallUrl: () => {
    count += 1;
    return `${given}/test-${process.pid}-${count}?lanes=2&maxBytes=1000000`;
  },
  cleanUp,
  async kept(url) {
    const connection = await connect({ servers: given });
    const { streams } = await jetstreamManager(connection);
    const { state } = await streams.info(streamOf(url));
    await connection.close();
    return state.messages;
  },
  async startSecure(folder) {
    const { caFile, certFile, keyFile } = await makeCertificate(folder);
    const port = await findFreePort();
    const config = join(folder, 'nats.conf');
    await writeFile(
      config,
      `tls { cert_file: "${certFile}", key_file: "${keyFile}" }
authorization { users: [{ user: ann, password: hunter2-secret }] }
`,
    );
    const options = ['-c', config, '-a', '127.0.0.1', '-p', String(port), '-js', '-sd', join(folder, 'data')];
    const program = await startProgram(await natsProgram(), options, port);
    return {
      ca: caFile,
      url: (login, isSecure) => `${isSecure ? 'natss' : 'nats'}://${login}@localhost:${port}/`,
      stop: program.stop,
    };
  },
});
