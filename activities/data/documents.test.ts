import { openSqliteStore } from '../../backends/store/sqlite.ts';
import type { Store } from '../../backends/store/port.ts';
import { createDocuments } from './documents.ts';
import type { Documents } from './documents.ts';

let store: Store;
let documents: Documents;

beforeEach(async () => {
  store = await openSqliteStore(':memory:');
  documents = createDocuments(store, true);
});

afterEach(async () => {
  jest.useRealTimers();
  await store.close();
});

test('a write happens where what it expects is there', async () => {
  expect(await documents.get('a')).toBeNull();
  expect(await documents.put('a', 1, { version: 'none' }, 'call-1')).toBeUndefined();
  expect(await documents.put('a', 1, 'absent', 'call-2')).toBe('call-2');
  expect(await documents.put('a', 2, 'absent', 'call-3')).toBeUndefined();
  expect(await documents.put('a', 2, { version: 'call-2' }, 'call-4')).toBe('call-4');
  expect(await documents.put('a', 3, 'any', 'call-5')).toBe('call-5');
  expect(await documents.get('a')).toEqual({ value: 3, version: 'call-5' });
  expect(await documents.delete('a', { version: 'call-4' }, 'call-6')).toBeUndefined();
  expect(await documents.delete('a', { version: 'call-5' }, 'call-7')).toBe(true);
  expect(await documents.get('a')).toBeNull();
  expect(await documents.put('a', null, 'absent', 'call-8')).toBe('call-8');
  expect(await documents.get('a')).toEqual({ value: null, version: 'call-8' });
});

test('a write that is repeated neither conflicts with itself nor undoes what came after it', async () => {
  await documents.put('a', 1, 'absent', 'first');
  expect(await documents.put('a', 1, 'absent', 'first')).toBe('first');
  await documents.put('a', 2, { version: 'first' }, 'second');
  expect(await documents.put('a', 1, 'any', 'first')).toBe('first');
  expect(await documents.get('a')).toEqual({ value: 2, version: 'second' });
});

test('a delete that is repeated gives the same answer, whatever was written since', async () => {
  await documents.put('a', 1, 'absent', 'first');
  expect(await documents.delete('a', { version: 'first' }, 'gone')).toBe(true);
  expect(await documents.delete('b', 'any', 'nothing')).toBe(false);
  await documents.put('a', 2, 'absent', 'second');
  await documents.put('b', 2, 'absent', 'second-b');
  expect(await documents.delete('a', { version: 'first' }, 'gone')).toBe(true);
  expect(await documents.delete('b', 'any', 'nothing')).toBe(false);
  expect(await documents.get('a')).toMatchObject({ value: 2 });
  expect(await documents.get('b')).toMatchObject({ value: 2 });
});

test('of writes at the same time one finds what it expects', async () => {
  const written = await Promise.all(['a', 'b', 'c'].map((call) => documents.put('k', call, 'absent', call)));
  expect(written.filter((version) => version !== undefined)).toHaveLength(1);
});

test('a scan gives what is there, in pages', async () => {
  for (const key of ['x/1', 'x/2', 'x/3', 'y']) await documents.put(key, key, 'absent', `w-${key}`);
  await documents.delete('x/2', 'any', 'd');
  const first = await documents.scan('x/', { limit: 2, reverse: false });
  expect(first.documents).toEqual([{ key: 'x/1', value: 'x/1', version: 'w-x/1' }]);
  const { documents: rest, cursor } = await documents.scan('x/', {
    limit: 2,
    reverse: false,
    cursor: first.cursor,
  });
  expect([rest.map(({ key }) => key), cursor]).toEqual([['x/3'], undefined]);
  const backward = await documents.scan('', { limit: 9, reverse: true });
  expect(backward.documents.map(({ key }) => key)).toEqual(['y', 'x/3', 'x/1']);
});

test('what was deleted a day ago is taken away by a scan, where that may write', async () => {
  await documents.put('a', 1, 'absent', 'w');
  await documents.delete('a', 'any', 'd');
  const inStore = async (): Promise<number> => (await store.scan('', { limit: 9 })).documents.length;
  await documents.scan('', { limit: 9, reverse: false });
  expect(await inStore()).toBe(1);
  jest.useFakeTimers({ now: Date.now() + 25 * 3_600_000, doNotFake: ['nextTick', 'setImmediate'] });
  await createDocuments(store, false).scan('', { limit: 9, reverse: false });
  expect(await inStore()).toBe(1);
  await documents.scan('', { limit: 9, reverse: false });
  expect(await inStore()).toBe(0);
});

test("other records of the store are none of a definition's business", async () => {
  await store.put('definition/a', 1, 'absent');
  expect(await documents.get('definition/a')).toBeNull();
  expect((await documents.scan('', { limit: 9, reverse: false })).documents).toEqual([]);
});
