import { Redis } from 'ioredis';
import { eventSystemConformance } from './conformance.ts';

const given = process.env.PERDURE_TEST_REDIS_URL ?? '';
let count = 0;

function streamOf(url: string): string {
  return new URL(url).searchParams.get('stream') ?? '';
}

eventSystemConformance({
  name: 'redis',
  countsDeliveries: true,
  closedUrl: 'redis://ann:hunter2-secret@127.0.0.1:1/',
  newUrl: () => {
    count += 1;
    return `${given}/?stream=test-${process.pid}-${count}&lanes=4`;
  },
  async cleanUp(url) {
    const client = new Redis(given);
    const keys = await client.keys(`${streamOf(url)}:*`);
    if (keys.length > 0) await client.del(...keys);
    await client.quit();
  },
  async publishForeign(url, { body, contentType, attributes = {} }) {
    const client = new Redis(given);
    const fields = Object.entries(attributes).flatMap(([name, value]) => [`ce_${name}`, value]);
    if (contentType !== undefined) fields.push('content-type', contentType);
    await client.xadd(`${streamOf(url)}:others`, '*', ...fields, 'body', Buffer.from(body));
    await client.quit();
  },
});
