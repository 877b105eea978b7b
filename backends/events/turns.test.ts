import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../store/open.ts';
import type { Store } from '../store/port.ts';
import { takeTurn } from './turns.ts';

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perdure-turns-'));
  store = await openStore('sqlite:store.db', folder);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

test('of many that come at once one has the turn, and nobody before it is due again', async () => {
  const turns = await Promise.all(Array.from({ length: 10 }, () => takeTurn(store, 'job', 60_000)));
  expect(turns.filter((turn) => turn !== undefined)).toHaveLength(1);
  expect(await takeTurn(store, 'job', 60_000)).toBeUndefined();
  expect(await takeTurn(store, 'other', 60_000)).toBeDefined();
});

test('a turn finds what the one before left', async () => {
  const first = await takeTurn(store, 'job', 0);
  expect(first?.left).toBeNull();
  await first?.leave('here');
  const second = await takeTurn(store, 'job', 0);
  expect(second?.left).toBe('here');
  // It did not end: whoever comes next begins where it began.
  expect((await takeTurn(store, 'job', 0))?.left).toBe('here');
  await first?.leave('late');
  expect((await takeTurn(store, 'job', 0))?.left).toBe('here');
});
