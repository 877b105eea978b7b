import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { findFreePort } from '../../temporal/free-port.ts';
import { makeCertificate } from '../../test/servers/certificate.ts';
import { startProgram } from '../../test/servers/server.ts';
import { laneSystemConformance } from './conformance-lanes.ts';
import { eventSystemConformance } from './conformance.ts';

const given = process.env.PERDURE_TEST_REDIS_URL ?? '';
let count = 0;

function streamOf(url: string): string {
  return new URL(url).searchParams.get('stream') ?? '';
}

function newUrl(): string {
  count += 1;
  return `${given}/?stream=test-${process.pid}-${count}&lanes=4`;
}

async function cleanUp(url: string): Promise<void> {
  const client = new Redis(given);
  const keys = await client.keys(`${streamOf(url)}:*`);
  if (keys.length > 0) await client.del(...keys);
  await client.quit();
}

eventSystemConformance({
  name: 'redis',
  countsDeliveries: true,
  closedUrl: 'redis://ann:hunter2-secret@127.0.0.1:1/',
  newUrl,
  cleanUp,
  async publishForeign(url, { body, contentType, attributes = {} }) {
    const client = new Redis(given);
    const fields = Object.entries(attributes).flatMap(([name, value]) => [`ce_${name}`, value]);
    if (contentType !== undefined) fields.push('content-type', contentType);
    await client.xadd(`${streamOf(url)}:others`, '*', ...fields, 'body', Buffer.from(body));
    await client.quit();
  },
});

laneSystemConformance({
  name: 'redis',
  newUrl,
  newSmallUrl: () => {
    count += 1;
    return `${given}/?stream=test-${process.pid}-${count}&lanes=2&maxLength=10`;
  },
  cleanUp,
  async kept(url) {
    const client = new Redis(given);
    const lengths = await Promise.all([0, 1].map((lane) => client.xlen(`${streamOf(url)}:lane:${lane}`)));
    await client.quit();
    return lengths.reduce((sum, length) => sum + length);
  },
  async startSecure(folder) {
    const { caFile, certFile, keyFile } = await makeCertificate(folder);
    const port = await findFreePort();
    const config = join(folder, 'redis.conf');
    await writeFile(
      config,
      `bind 127.0.0.1
port 0
tls-port ${port}
tls-cert-file ${certFile}
tls-key-file ${keyFile}
tls-auth-clients no
dir ${folder}
save ""
user default off
user ann on >hunter2-secret ~* &* +@all
`,
    );
    const program = await startProgram('redis-server', [config], port);
    return {
      ca: caFile,
      url: (login, isSecure) => `${isSecure ? 'rediss' : 'redis'}://${login}@localhost:${port}/`,
      stop: program.stop,
    };
  },
});
