import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventRoute } from '../../dsl/events/routes.ts';
import { openStore } from '../store/open.ts';
import type { Store } from '../store/port.ts';
import { createSubscriptions } from './subscriptions.ts';

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
