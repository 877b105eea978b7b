import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventRoute } from '../../dsl/events/routes.ts';
import { openStore } from '../store/open.ts';
import type { Store } from '../store/port.ts';
import { countingStore } from './store-under-test.ts';
import { createSubscriptions } from './subscriptions.ts';
import { sweepSubscriptions } from './sweep-subscriptions.ts';

const type = 'io.serverlessworkflow.workflow.completed.v1';
let folder: string;
let store: Store;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perdure-subscriptions-'));
  store = await openStore('sqlite:store.db', folder);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

test.each<[string, EventRoute, boolean]>([
  ['everything', { where: [] }, false],
  ['one source', { where: [{ from: '.["source"]', value: '/shop' }] }, false],
  ['the type', { type, where: [] }, true],
  ['the type and one source', { type, where: [{ from: '.["source"]', value: '/shop' }] }, true],
])('who listens to %s and a lifecycle event', async (_, route, finds) => {
  const subscriptions = createSubscriptions(store);
  const subscriber = { kind: 'execution', workflowId: 'w', seed: 's', path: '/do/0#1', listener: 1 } as const;
  await subscriptions.add([route], subscriber);
  const event = { specversion: '1.0', id: '1', source: '/shop', type } as const;
  expect(await subscriptions.find(event)).toHaveLength(finds ? 1 : 0);
  expect(await subscriptions.isNamed(type)).toBe(finds);
  expect(await subscriptions.find({ ...event, type: 'shop.order' })).toHaveLength(
    route.type === undefined ? 1 : 0,
  );
});

/** What it costs the store to find the one execution that waits for order `order-7`, beside so many others. */
async function costOfFinding(others: number): Promise<object> {
  const subscriptions = createSubscriptions(store);
  const waitsFor = (order: string): EventRoute => ({
    type: 'order.paid',
    where: [{ from: '.data.order', value: order }],
  });
  for (let n = 0; n < others; n++) {
    const subscriber = {
      kind: 'execution',
      workflowId: `w-${n}`,
      seed: 's',
      path: '/do/0',
      listener: 1,
    } as const;
    await subscriptions.add([waitsFor(`order-${n}`)], subscriber);
  }
  const counting = countingStore(store);
  const event = {
    specversion: '1.0',
    id: '1',
    source: '/shop',
    type: 'order.paid',
    data: { order: 'order-7' },
  } as const;
  const found = await createSubscriptions(counting).find(event);
  expect(found.map(({ subscriber }) => subscriber)).toMatchObject([{ workflowId: 'w-7' }]);
  return counting.counts;
}

test('finding costs the same beside 10 subscriptions and beside 10,000', async () => {
  const few = await costOfFinding(10);
  expect(few).toEqual({ reads: 3, documents: 2, writes: 0 });
  expect(await costOfFinding(10_000)).toEqual(few);
});

test('the sweeper removes what closed executions left, page by page, and nothing else', async () => {
  const subscriptions = createSubscriptions(store);
  const route: EventRoute = { type: 'order.paid', where: [] };
  for (let n = 0; n < 450; n++) {
    const state = ['open', 'closed', 'unknown'][n % 3];
    const execution = { kind: 'execution', workflowId: `${state}-${n}` } as const;
    await subscriptions.add([route], { ...execution, seed: 's', path: '/do/0', listener: 1 });
  }
  const trigger = { namespace: 'shop', name: 'ship', version: '1.0.0', digest: 'closed' };
  await subscriptions.add([route], { kind: 'trigger', ...trigger });
  const delivery = {
    stateOf: async (id: string) => id.split('-')[0] as 'open' | 'closed' | 'unknown',
  };
  let cursor: string | undefined;
  let removed = 0;
  let calls = 0;
  do {
    const swept = await sweepSubscriptions(store, delivery, cursor);
    removed += swept.removed;
    cursor = swept.cursor;
    calls += 1;
  } while (cursor !== undefined);
  expect({ removed, calls }).toEqual({ removed: 150, calls: 3 });
  const event = { specversion: '1.0', id: '1', source: '/shop', type: 'order.paid' } as const;
  const left = await subscriptions.find(event);
  expect(left).toHaveLength(301);
  expect(JSON.stringify(left)).not.toContain('closed-');
});
