import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Definition } from '../../dsl/types.ts';
import { createDefinitions } from './definitions.ts';
import type { Definitions } from './definitions.ts';
import { StoreError } from './errors.ts';
import { openStore } from './open.ts';
import type { Store } from './port.ts';
import { rememberDefinitions } from './remember-definitions.ts';

let folder: string;
let store: Store;
let definitions: Definitions;
/** What every read of the store does; the real one unless a test says otherwise. */
let read: (call: () => Promise<unknown>) => Promise<unknown>;

const away = (): Promise<never> => Promise.reject(new StoreError('unavailable', 'gone', { retryable: true }));
const silent = (): Promise<never> => new Promise(() => undefined);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'perdure-remember-'));
  store = await openStore('sqlite:store.db', folder);
  read = (call) => call();
  const reachable = createDefinitions(store);
  definitions = rememberDefinitions({
    ...reachable,
    get: ((...args) => read(() => reachable.get(...args))) as Definitions['get'],
  });
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

async function deploy(version: string): Promise<void> {
  const document = { dsl: '1.0.3', namespace: 'shop', name: 'order', version };
  const definition = { document, do: [{ greet: { set: { version } } }] } satisfies Definition;
  await definitions.deploy(definition, `digest of ${version}`, '');
}

async function latest(): Promise<string | undefined> {
  return (await definitions.get('shop', 'order', 'latest'))?.digest;
}

test('what was read is read again while the store is away, and anew when it is back', async () => {
  await deploy('1.0.0');
  await latest();
  read = away;
  expect(await latest()).toBe('digest of 1.0.0');
  expect((await definitions.get('shop', 'order', '1.0.0'))?.digest).toBe('digest of 1.0.0');
  await expect(definitions.get('shop', 'order', '0.9.0')).rejects.toMatchObject({ type: 'unavailable' });
  read = (call) => call();
  await deploy('2.0.0');
  expect(await latest()).toBe('digest of 2.0.0');
});

test('a store that stays silent is waited for once, then not for long', async () => {
  await deploy('1.0.0');
  await latest();
  read = away;
  await latest();
  read = silent;
  expect(await latest()).toBe('digest of 1.0.0');
});

test('what was removed, here or as a read told, is not remembered', async () => {
  await deploy('1.0.0');
  await latest();
  await definitions.remove('shop', 'order', '1.0.0');
  read = away;
  await expect(latest()).rejects.toMatchObject({ type: 'unavailable' });
  read = (call) => call();
  expect(await latest()).toBeUndefined();
  read = away;
  await expect(latest()).rejects.toMatchObject({ type: 'unavailable' });
});

test('an error of another kind is not hidden', async () => {
  await deploy('1.0.0');
  await latest();
  read = () => Promise.reject(new StoreError('closed', 'closed'));
  await expect(latest()).rejects.toMatchObject({ type: 'closed' });
});
