import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { createActivities } from '../../activities/create.ts';
import { openMemoryEvents } from '../../backends/events/memory.ts';
import type { Locks } from '../../backends/locks/port.ts';
import { openTemporalLocks } from '../../backends/locks/temporal.ts';
import { openStore } from '../../backends/store/open.ts';
import type { Store } from '../../backends/store/port.ts';
import { createHttpSender } from '../../network/http-sender.ts';
import { createExecutions } from '../../temporal/executions.ts';
import { startTestService, type TestService } from '../../testing/index.ts';
import { lockFailureTypes } from '../../workflows/contract.ts';
import { eventually } from '../service-process.ts';

const root = join(__dirname, '../..');
let service: TestService;
let locks: Locks;
let store: Store;
let data: string;
let key: string;

beforeAll(async () => {
  locks = openTemporalLocks({ client: () => service.client, taskQueue: () => service.taskQueue });
  data = await mkdtemp(join(tmpdir(), 'perdure-locks-'));
  store = await openStore('sqlite:store.db', data);
  const activities = createActivities({
    locks,
    executions: createExecutions(() => service.client),
    store,
    events: openMemoryEvents(),
    secrets: { read: () => undefined },
    http: createHttpSender({ allow: [], maxRedirects: 0 }),
  });
  const workflowsPath = join(__dirname, 'with-lock-workflows.ts');
  service = await startTestService({ root, workflowsPath, activities });
}, 120_000);
beforeEach(() => {
  key = `ledger/${randomUUID()}`;
});
afterAll(async () => {
  await service?.close();
  await store?.close();
  await rm(data, { recursive: true, force: true });
});

const start = (type: string, ...args: unknown[]): Promise<WorkflowHandle> =>
  service.client.workflow.start(type, { workflowId: randomUUID(), taskQueue: service.taskQueue, args });
const heldBy = ({ workflowId }: WorkflowHandle): Promise<string> =>
  eventually('the lock', async () => {
    const held = (await locks.get(key))?.held;
    return held?.holder.startsWith(workflowId) ? held.token : undefined;
  });
const isFree = async (): Promise<boolean> => (await locks.get(key)) === undefined;

test('withLock lets one in after the other, and lets go when its function ends or fails', async () => {
  const first = await start('holdUntilTold', key, {});
  const token = await heldBy(first);
  const second = await start('holdUntilTold', key, { wait: '1 minute' });
  await first.signal('finish');
  expect(await first.result()).toBe(token);
  expect(BigInt(await heldBy(second))).toBeGreaterThan(BigInt(token));
  await second.cancel();
  await expect(second.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  expect(await isFree()).toBe(true);
});

test('withLock keeps the lock, and its token, when its function continues as new', async () => {
  const handle = await start('holdAndContinue', key, 3);
  const tokens = (await handle.result()) as readonly string[];
  expect(tokens).toHaveLength(4);
  expect(new Set(tokens).size).toBe(1);
  expect(await isFree()).toBe(true);
});

test('withLock keeps two calls of one execution apart', async () => {
  const found = (await (await start('holdSeveral', key)).result()) as readonly string[];
  const tokens = found.map((line) => BigInt(line.split(' ')[0] ?? ''));
  expect(found.map((line) => line.split(' ')[1])).toEqual(['1', '1', '1']);
  expect(new Set(tokens).size).toBe(3);
  expect(tokens.every((token) => token <= (tokens[2] ?? 0n))).toBe(true);
});

test('withLock fails where the lock is late or lost', async () => {
  const first = await start('holdUntilTold', key, { ttl: '5 seconds' });
  const token = await heldBy(first);
  const late = await start('holdUntilTold', key, { wait: '500 milliseconds' });
  await expect(late.result()).rejects.toMatchObject({ cause: { type: lockFailureTypes.late } });
  const holder = (await locks.get(key))?.held?.holder ?? '';
  await locks.release({ key, holder, token });
  await expect(first.result()).rejects.toMatchObject({ cause: { type: lockFailureTypes.lost } });
  expect(await isFree()).toBe(true);
});
