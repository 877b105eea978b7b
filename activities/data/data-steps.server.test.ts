import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { inspect } from 'node:util';
import { join, resolve } from 'node:path';
import type { Json } from '../../dsl/json.ts';
import type { SqlArguments, StoreArguments } from '../../dsl/types.ts';
import type { CallRequest } from '../../workflows/contract.ts';
import { faultOf, openCalls } from '../calls-under-test.ts';
import type { CallsUnderTest } from '../calls-under-test.ts';
import { openBindings } from './bindings.ts';
import type { BindingSettings } from './bindings.ts';

const data = mkdtempSync(join(tmpdir(), 'perdure-data-steps-'));
const password = 'p4ss-w0rd/of:shop';
const nowhere = `shop:${encodeURIComponent(password)}@127.0.0.1:1/shop`;
const binding = (url: string, access: 'read' | 'write'): BindingSettings => ({
  url,
  access,
  rows: 2,
  bytes: 10_000,
  timeoutMs: 5_000,
  rememberDays: 30,
});
const bindings = openBindings(
  {
    shop: binding('sqlite:shop.db', 'write'),
    readable: binding('sqlite:shop.db', 'read'),
    documents: binding('sqlite:documents.db', 'write'),
    'readable-documents': binding('sqlite:documents.db', 'read'),
    away: binding(`postgres://${nowhere}`, 'write'),
    'wrong-url': binding(`postgres://${nowhere}?colour=blue`, 'write'),
    'no-sql': binding(`mongodb://${nowhere}`, 'write'),
  },
  { data, root: resolve(__dirname, '../..') },
);
let calls: CallsUnderTest;

beforeAll(async () => {
  calls = await openCalls([], {}, { bindings });
});

afterAll(async () => {
  await calls.close();
  await bindings.close();
  rmSync(data, { recursive: true, force: true });
});

function requestOf<Arguments>(args: Arguments, idempotencyKey: string): CallRequest<Arguments> {
  const limits = { timeoutMs: 5_000, maxResponseBytes: 100_000 };
  return { reference: '/do/0/step', with: args, idempotencyKey, secrets: [], deferred: {}, ...limits };
}

const query = (args: Partial<SqlArguments>, key = 'key'): Promise<Json> =>
  calls.environment.run(
    (request) => calls.activities.queryDatabase(request),
    requestOf(
      { binding: 'shop', statement: 'SELECT 1', parameters: [], access: 'read' as const, ...args },
      key,
    ),
  );
const store = (args: StoreArguments, key = 'key'): Promise<Json> =>
  calls.environment.run((request) => calls.activities.accessStore(request), requestOf(args, key));

const conflict = { type: 'urn:perdure:error:conflict', status: 409, instance: '/do/0/step' };
const ofType = (name: string, status: number): object => ({
  type: expect.stringMatching(new RegExp(`/${name}$`)),
  status,
});

test('a binding that is not configured is told with those that are', async () => {
  const error = await faultOf(query({ binding: 'shops' }));
  expect(error).toMatchObject(ofType('configuration', 400));
  expect(error.detail).toContain('"shops"');
  expect(error.detail).toContain('"readable-documents"');
});

test('where a binding allows no writes there are none', async () => {
  const put = { operation: 'put', key: 'a', value: 1, expect: 'any' } as const;
  expect(await faultOf(store({ ...put, binding: 'readable-documents' }))).toMatchObject(
    ofType('authorization', 403),
  );
  const writing = { binding: 'readable', statement: 'DELETE FROM a' };
  expect(await faultOf(query({ ...writing, access: 'write' }))).toMatchObject(ofType('authorization', 403));
  expect(await faultOf(query(writing))).toMatchObject(ofType('authorization', 403));
});

test('documents are compared and set', async () => {
  const put = {
    operation: 'put',
    binding: 'documents',
    key: 'a',
    value: { n: 1 },
    expect: 'absent',
  } as const;
  expect(await store(put, 'first')).toEqual({ version: 'first' });
  expect(await store(put, 'first')).toEqual({ version: 'first' });
  expect(await faultOf(store(put, 'second'))).toMatchObject(conflict);
  const read = { operation: 'get', binding: 'readable-documents', key: 'a' } as const;
  expect(await store(read)).toEqual({ value: { n: 1 }, version: 'first' });
  const scan = {
    operation: 'scan',
    binding: 'documents',
    prefix: '',
    limit: 10,
    cursor: 'no',
    reverse: false,
  } as const;
  expect(await faultOf(store(scan))).toMatchObject(ofType('validation', 400));
});

test('what a statement ends in is an error of the definition', async () => {
  const missing = await faultOf(query({ access: 'write', statement: 'INSERT INTO orders VALUES (1)' }));
  expect(missing).toMatchObject(ofType('runtime', 500));
  expect(missing.detail).toContain('no such table: orders');
  expect(await faultOf(query({ access: 'write', statement: 'DROP TABLE orders' }))).toMatchObject(
    ofType('configuration', 400),
  );
  const rows = 'SELECT 1 UNION SELECT 2 UNION SELECT 3';
  expect(await faultOf(query({ statement: rows }))).toMatchObject(ofType('runtime', 413));
  expect(await faultOf(query({ binding: 'no-sql' }))).toMatchObject(ofType('configuration', 400));
});

test('a database that is away is tried again, and nobody learns its password', async () => {
  const get = { operation: 'get', key: 'a' } as const;
  for (const asked of [query({ binding: 'away' }), store({ ...get, binding: 'away' })]) {
    const error: unknown = await asked.catch((thrown: unknown) => thrown);
    expect(['SqlError', 'StoreError']).toContain((error as Error).name);
    expectNoPassword(error);
  }
  for (const asked of [query({ binding: 'wrong-url' }), store({ ...get, binding: 'wrong-url' })]) {
    const error = await faultOf(asked);
    expect(error).toMatchObject(ofType('configuration', 400));
    expect(error.detail).toContain('colour');
    expectNoPassword(error);
  }
  expectNoPassword(calls.logged);
});

function expectNoPassword(value: unknown): void {
  const shown = inspect(value, { depth: 10, showHidden: true });
  expect(shown).not.toContain(password);
  expect(shown).not.toContain(encodeURIComponent(password));
}
