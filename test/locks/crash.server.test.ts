/** A worker dies while an execution on it holds a lock, and another one waits. */
import { join } from 'node:path';
import type { Json } from '../../dsl/json.ts';
import { apiClient } from '../client.ts';
import { startPartner, type Partner } from '../partner.ts';
import { eventually } from '../service-process.ts';
import { startSplitService, type SplitService } from '../split-service.ts';

const root = join(__dirname, '../..');
let partner: Partner;
let service: SplitService | undefined;
const answers: (() => void)[] = [];

beforeAll(async () => {
  partner = await startPartner(async () => {
    await new Promise<void>((resolve) => answers.push(resolve));
    return null;
  });
}, 10_000);

afterAll(async () => {
  await service?.stop();
  await partner?.close();
});

interface Asked {
  readonly who: string;
  readonly token: string;
}

const asked = (): readonly Asked[] => partner.log.map(({ body }) => JSON.parse(body) as Asked);
const requests = (count: number): Promise<true> =>
  eventually(`${count} requests`, async () => (partner.log.length >= count ? true : undefined));

interface LockView {
  readonly key: string;
  readonly execution: string | null;
  readonly token: string | null;
  readonly waiting: number;
}

test('another worker goes on under the same token, and nobody comes in between', async () => {
  service = await startSplitService(root, { PERDURE_OUTGOING_ALLOW: new URL(partner.url).host });
  const { url } = service;
  const client = apiClient(url);
  const first = await service.startWorker();
  await client.deploy(`
document: { dsl: '1.0.3', namespace: locks, name: booking, version: '1.0.0' }
do:
  - book:
      metadata: { lock: { key: 'account/17', ttl: PT20S } }
      call: http
      with: { method: post, endpoint: '${partner.url}', body: { who: '\${ .who }', token: '\${ $task.lock.token }' } }
      output: { as: '\${ $task.lock.token }' }`);
  const start = async (who: string): Promise<string> =>
    (await client.start({ workflow: 'locks/booking', input: { who } })).body.id;
  const lock = async (): Promise<LockView> =>
    (await (await fetch(`${url}/v1/locks/${encodeURIComponent('account/17')}`)).json()) as LockView;

  const a = await start('a');
  await requests(1);
  const b = await start('b');
  const held = await eventually('b in the queue', async () => {
    const seen = await lock();
    return seen.waiting === 1 ? seen : undefined;
  });
  expect(held).toMatchObject({ key: 'account/17', execution: a, token: asked()[0]?.token });

  await service.startWorker();
  await first.kill();
  await requests(2);
  expect(asked()).toEqual([asked()[0], asked()[0]]);
  const list = (await (await fetch(`${url}/v1/locks`)).json()) as { readonly locks: readonly LockView[] };
  expect(list.locks).toEqual([expect.objectContaining({ execution: a, token: held.token })]);

  for (const answer of answers) answer();
  await requests(3);
  for (const answer of answers) answer();
  const [endOfA, endOfB] = [await client.ended(a), await client.ended(b)];
  expect(endOfA.output).toBe(held.token);
  expect(BigInt(tokenOf(endOfB.output))).toBeGreaterThan(BigInt(tokenOf(endOfA.output)));
  expect((await fetch(`${url}/v1/locks/${encodeURIComponent('account/17')}`)).status).toBe(404);
}, 180_000);

function tokenOf(output: Json | undefined): string {
  return typeof output === 'string' ? output : '';
}
