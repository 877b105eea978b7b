import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CloudEvent } from '../../workflows/contract.ts';
import { openStore } from '../store/open.ts';
import type { Store } from '../store/port.ts';
import { createInbox } from './inbox.ts';
import type { Inbox } from './inbox.ts';

const event = (id: string, type = 'order', subject = 'a'): CloudEvent => ({
  specversion: '1.0',
  id,
  source: '/shop',
  type,
  subject,
});
const keepMs = 60_000;
const maxBytes = 100_000;
const recipient = { definition: 'shop/pay', seed: 'one' };
const orders = [{ type: 'order', where: [] }];

let folder: string;
let store: Store;
let inbox: Inbox;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perdure-inbox-'));
  store = await openStore('sqlite:store.db', folder);
  inbox = createInbox(store);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const ids = (events: readonly CloudEvent[]): string[] => events.map(({ id }) => id);

test('gives the events of a type in the order in which they came, each once', async () => {
  for (const id of ['2', '1', '3', '1']) await inbox.add([event(id)], keepMs);
  await inbox.add([event('4', 'order/2')], keepMs);
  expect(await inbox.add([event('2')], keepMs)).toEqual([true]);
  const { events } = await inbox.early({ routes: orders, recipient, maxBytes });
  expect(ids(events)).toEqual(['2', '1', '3']);
});

test('gives them in pages of so many bytes, across types', async () => {
  for (const [id, type] of [
    ['1', 'a'],
    ['2', 'b'],
    ['3', 'a'],
  ] as const)
    await inbox.add([event(id, type)], keepMs);
  const routes = ['a', 'b'].map((type) => ({ type, where: [] }));
  const found: string[] = [];
  let after: string | undefined;
  do {
    const page = await inbox.early({
      routes,
      recipient,
      maxBytes: 1,
      ...(after === undefined ? {} : { after }),
    });
    found.push(...ids(page.events));
    after = page.next;
  } while (after !== undefined);
  expect(found).toEqual(['1', '2', '3']);
});

test('gives only what fulfils the conditions of a route', async () => {
  for (const [id, subject] of [
    ['1', 'a'],
    ['2', 'b'],
  ] as const)
    await inbox.add([event(id, 'order', subject)], keepMs);
  const routes = [{ where: [{ from: '.subject', value: 'b' }] }];
  expect(ids((await inbox.early({ routes, recipient, maxBytes })).events)).toEqual(['2']);
  expect((await inbox.early({ routes: [{ where: [] }], recipient, maxBytes })).events).toEqual([]);
});

test('gives an event to one execution of each definition', async () => {
  await inbox.add([event('1')], keepMs);
  await inbox.noteConsumed(JSON.stringify(['/shop', '1']), recipient);
  const early = async (definition: string, seed: string): Promise<string[]> =>
    ids((await inbox.early({ routes: orders, recipient: { definition, seed }, maxBytes })).events);
  expect(await early('shop/pay', 'one')).toEqual(['1']);
  expect(await early('shop/pay', 'two')).toEqual([]);
  expect(await early('shop/pack', 'two')).toEqual(['1']);
});

test('lets go of what has expired, and takes it again as new', async () => {
  await inbox.add([event('1')], -1);
  await inbox.add([event('2')], keepMs);
  expect(ids((await inbox.early({ routes: orders, recipient, maxBytes })).events)).toEqual(['2']);
  expect(await inbox.sweep()).toBe(1);
  expect(await inbox.sweep()).toBe(0);
  expect(await inbox.add([event('1')], keepMs)).toEqual([false]);
  const { entries } = await inbox.list({ type: 'order', limit: 10 });
  expect(entries.map((entry) => entry.event.id)).toEqual(['2', '1']);
});

test('gives lifecycle events to those alone who name their type', async () => {
  const type = 'io.serverlessworkflow.task.faulted.v1';
  await inbox.add([event('1', type)], keepMs);
  const where = [{ from: '.["subject"]', value: 'a' }];
  expect((await inbox.early({ routes: [{ where }], recipient, maxBytes })).events).toEqual([]);
  expect(ids((await inbox.early({ routes: [{ type, where }], recipient, maxBytes })).events)).toEqual(['1']);
});

test('lists by type, source and whether a definition acted on it, in pages', async () => {
  await inbox.add(
    [
      event('1'),
      event('2', 'payment'),
      event('3'),
      { ...event('4'), source: '/stock' },
      event('5'),
      event('6', 'order/2'),
    ],
    keepMs,
  );
  await inbox.noteConsumed(JSON.stringify(['/shop', '3']), recipient);
  const listed = async (query: object): Promise<string[]> => {
    const { entries } = await inbox.list({ limit: 10, ...query });
    return entries.map((entry) => entry.event.id);
  };
  expect(await listed({ type: 'order' })).toEqual(['1', '3', '4', '5']);
  expect(await listed({ source: '/stock' })).toEqual(['4']);
  expect(await listed({ type: 'order', matched: true })).toEqual(['3']);
  const waiting = { type: 'order', source: '/shop', matched: false, limit: 1 };
  const { entries, nextCursor: cursor = '' } = await inbox.list(waiting);
  expect(entries.map((entry) => entry.event.id)).toEqual(['1']);
  expect(await listed({ ...waiting, cursor })).toEqual(['5']);
});
