import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '../../dsl/json.ts';
import { openStore } from '../store/open.ts';
import type { Store } from '../store/port.ts';
import { createDeadLetters } from './dead-letters.ts';
import type { DeadLetter, DeadLetterLimits } from './dead-letters.ts';

const limits: DeadLetterLimits = { keepMs: 60_000, max: 1_000, contentBytes: 1_000 };

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perdure-dead-letters-'));
  store = await openStore('sqlite:store.db', folder);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const letters = (changes: Partial<DeadLetterLimits> = {}): ReturnType<typeof createDeadLetters> =>
  createDeadLetters(store, { ...limits, ...changes });

const anEvent = (id: string, type = 'order'): Json => ({ specversion: '1.0', id, source: '/shop', type });

const dead = (content: Json) => ({ content, reason: 'failed', detail: 'why', attempts: 5 }) as const;

const ids = (found: readonly DeadLetter[]): (string | undefined)[] => found.map(({ event }) => event.id);

/** How many documents the store holds of dead letters. */
async function documents(): Promise<number> {
  return (await store.scan('dead-letter', { limit: 1_000 })).documents.length;
}

test('keeps what could not be routed, with why and what it was', async () => {
  const { id } = await letters().add({ ...dead(anEvent('1')), origin: 'orders[2]@17', reached: ['a'] });
  expect(await letters().get(id)).toEqual({
    letter: {
      id,
      reason: 'failed',
      detail: 'why',
      event: { id: '1', source: '/shop', type: 'order' },
      origin: 'orders[2]@17',
      diedAt: expect.any(Number) as number,
      failedAt: expect.any(Number) as number,
      expiresAt: expect.any(Number) as number,
      attempts: 5,
      bytes: expect.any(Number) as number,
      complete: true,
      reached: ['a'],
    },
    content: anEvent('1'),
  });
});

test('keeps one letter of an event however often it fails, and of other content by what it is', async () => {
  const first = await letters().add({ ...dead(anEvent('1')), reached: ['a'] });
  const again = await letters().add({
    ...dead(anEvent('1')),
    reason: 'refused-by-temporal',
    attempts: 1,
    reached: ['b'],
  });
  expect(again).toMatchObject({
    id: first.id,
    reason: 'refused-by-temporal',
    attempts: 6,
    reached: ['a', 'b'],
    diedAt: first.diedAt,
  });
  const text = await letters().add(dead('no event'));
  expect((await letters().add(dead('no event'))).id).toBe(text.id);
  expect((await letters().add(dead('another'))).id).not.toBe(text.id);
});

test('lists the latest first, in pages and by reason and type', async () => {
  for (const id of ['1', '2', '3']) {
    await letters().add(dead(anEvent(id, id === '2' ? 'payment' : 'order')));
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await letters().add({ ...dead(anEvent('3')), reason: 'too-large' });
  const page = await letters().list({ limit: 2 });
  expect(ids(page.letters)).toEqual(['3', '2']);
  const { nextCursor: cursor = '' } = page;
  expect(await letters().list({ limit: 2, cursor })).toMatchObject({ letters: [{ event: { id: '1' } }] });
  expect(ids((await letters().list({ limit: 1, type: 'order', reason: 'failed' })).letters)).toEqual(['1']);
});

test('cuts content that is too large, and says so', async () => {
  const { id, complete, bytes } = await letters().add(dead({ data: 'ü'.repeat(5_000) }));
  expect({ complete, bytes }).toEqual({ complete: false, bytes: expect.any(Number) as number });
  const found = await letters().get(id);
  expect(found?.content).toMatch(/^\{"data":"ü+$/);
  expect(Buffer.byteLength(JSON.stringify(found?.content))).toBeLessThanOrEqual(1_000);
});

test('leaves nothing of a letter that is removed, so that the next one is new', async () => {
  const { id } = await letters().add(dead(anEvent('1')));
  expect(await letters().remove(id)).toBe(true);
  expect(await letters().remove(id)).toBe(false);
  expect(await documents()).toBe(0);
  expect(await letters().add(dead(anEvent('1')))).toMatchObject({ attempts: 5 });
});

test.each(['', '..', '00000000000000-0', 'x/y'])('knows no letter by the id %j', async (id) => {
  expect(await letters().get(id)).toBeUndefined();
  expect(await letters().remove(id)).toBe(false);
});

test('lets letters go when they are old, and the oldest when there are too many', async () => {
  const old = await letters({ keepMs: -1 }).add(dead(anEvent('old')));
  for (let n = 0; n < 12; n++) await letters().add(dead(anEvent(String(n))));
  expect(await letters({ max: 10 }).sweep()).toBe(3);
  expect(await letters().get(old.id)).toBeUndefined();
  expect((await letters().list({ limit: 100 })).letters).toHaveLength(10);
  expect(await documents()).toBe(30);
});

test('a flood of them does not wait for the sweeper', async () => {
  const few = letters({ max: 40 });
  for (let n = 0; n < 100; n++) await few.add(dead(anEvent(String(n))));
  expect((await few.list({ limit: 100 })).letters.length).toBeLessThanOrEqual(40);
  expect(ids((await few.list({ limit: 1 })).letters)).toEqual(['99']);
});
