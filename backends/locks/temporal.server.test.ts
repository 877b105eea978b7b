import { join } from 'node:path';
import { startRestartableTemporal, type RestartableTemporal } from '../../test/restartable-temporal.ts';
import { lockWorkflowId } from '../../workflows/contract.ts';
import { locksConformance } from './conformance.ts';
import { openTemporalLocks } from './temporal.ts';

let temporal: RestartableTemporal;

beforeAll(async () => {
  temporal = await startRestartableTemporal(join(__dirname, '../..'));
}, 120_000);
afterAll(() => temporal?.close());

locksConformance({
  name: 'Temporal',
  address: () => {
    const { address, namespace, taskQueue } = temporal;
    return { url: 'temporal:', env: { TEMPORAL: JSON.stringify({ address, namespace, taskQueue }) } };
  },
  open: () => {
    const { client, taskQueue } = temporal;
    return Promise.resolve(openTemporalLocks({ client: () => client, taskQueue: () => taskQueue }));
  },
  isFair: true,
  ttlMs: 1_000,
  slackMs: 200,
  control: () => temporal.control,
});

test('tokens of Temporal grow where somebody has terminated the lock', async () => {
  const { client, taskQueue } = temporal;
  const locks = openTemporalLocks({ client: () => client, taskQueue: () => taskQueue });
  const key = 'terminated';
  const first = await locks.acquire({ key, holder: 'a', ttlMs: 30_000, waitMs: 0 });
  await client.workflow.getHandle(lockWorkflowId(key)).terminate();
  const second = await locks.acquire({ key, holder: 'b', ttlMs: 30_000, waitMs: 0 });
  expect(BigInt(second?.token ?? 0)).toBeGreaterThan(BigInt(first?.token ?? 0));
  expect(await locks.renew({ key, holder: 'a', token: first?.token ?? '', ttlMs: 30_000 })).toBeUndefined();
});

test('a lock in Temporal continues as new and forgets nothing', async () => {
  const { client, taskQueue } = temporal;
  const locks = openTemporalLocks({ client: () => client, taskQueue: () => taskQueue });
  const key = 'busy';
  const handle = client.workflow.getHandle(lockWorkflowId(key));
  let last = 0n;
  const turn = async (holder: string): Promise<void> => {
    const lease = await locks.acquire({ key, holder, ttlMs: 10_000, waitMs: 60_000 });
    const token = BigInt(lease?.token ?? 0);
    expect(token).toBeGreaterThan(last);
    last = token;
    await locks.release({ key, holder, token: String(token) });
  };
  await turn('first');
  const { runId } = await handle.describe();
  const lanes = [0, 1, 2, 3].map(async (lane) => {
    for (let index = 0; index < 78; index += 1) await turn(`${lane}`);
  });
  await Promise.all(lanes);
  expect((await handle.describe()).runId).not.toBe(runId);
}, 120_000);
