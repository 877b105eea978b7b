/** What data steps do with the bindings of a system, asked of its real server through the activities. */
import { openSql } from '../../backends/sql/open.ts';
import type { Json } from '../../dsl/json.ts';
import type { SqlArguments, StoreArguments } from '../../dsl/types.ts';
import type { CallRequest } from '../../workflows/contract.ts';
import { faultOf, openCalls } from '../calls-under-test.ts';
import type { CallsUnderTest } from '../calls-under-test.ts';
import { openBindings } from './bindings.ts';
import type { Bindings, BindingSettings } from './bindings.ts';

export interface SqlBindings {
  /** A statement that takes minutes. */
  readonly slow: string;
  /** Statements that make what `disguised` writes to, beside `numbers`. */
  readonly prepare: readonly string[];
  /** A statement that begins as reads do, and writes. */
  readonly disguised: string;
  /** Inserts a row with a number, a parameter, into the table `numbers`. */
  readonly insert: string;
}

export interface SystemBindings {
  readonly url: () => Promise<string>;
  /** The folder of local state, absolute. */
  readonly data?: string;
  /** The project's folder. */
  readonly root?: string;
  /** False for a file of SQLite that has tables. */
  readonly hasDocuments?: boolean;
  /** Absent for a system without SQL. */
  readonly sql?: SqlBindings;
}

const refused = { type: expect.stringContaining('authorization'), status: 403 };
const tooLarge = { type: expect.stringContaining('runtime'), status: 413 };
const late = { type: expect.stringContaining('timeout'), status: 408 };

/** Declares the tests. */
export function bindingsConformance(
  name: string,
  { url, data = '', root = '', hasDocuments = true, sql }: SystemBindings,
): void {
  describe(`bindings of ${name}`, () => {
    let bindings: Bindings;
    let calls: CallsUnderTest;

    beforeAll(async () => {
      const common = { url: await url(), rows: 3, bytes: 1_024, timeoutMs: 5_000, rememberDays: 1 };
      const settings = (more: Partial<BindingSettings>): BindingSettings => ({
        ...common,
        access: 'read',
        ...more,
      });
      bindings = openBindings(
        {
          writable: settings({ access: 'write' }),
          readable: settings({}),
          hasty: settings({ timeoutMs: 500 }),
        },
        { data, root },
      );
      calls = await openCalls([], {}, { bindings });
      if (sql === undefined) return;
      const database = await openSql(common.url, { data, root, rememberDays: 1 });
      const limits = { maxRows: 1, maxBytes: 100, timeoutMs: 20_000 };
      try {
        for (const statement of ['CREATE TABLE numbers (n INTEGER NOT NULL)', ...sql.prepare]) {
          const signal = new AbortController().signal;
          await database.write({ statement, parameters: [], signal, ...limits }, crypto.randomUUID());
        }
      } finally {
        await database.close();
      }
    }, 120_000);

    afterAll(async () => {
      await calls?.close();
      await bindings?.close();
    });

    function requestOf<Arguments>(args: Arguments, key: string, timeoutMs: number): CallRequest<Arguments> {
      const limits = { timeoutMs, maxResponseBytes: 100_000 };
      return {
        reference: '/do/0/step',
        with: args,
        idempotencyKey: key,
        secrets: [],
        deferred: {},
        ...limits,
      };
    }
    const store = (args: StoreArguments, key: string = crypto.randomUUID()): Promise<Json> =>
      calls.environment.run((request) => calls.activities.accessStore(request), requestOf(args, key, 20_000));
    const query = (
      args: Partial<SqlArguments> & Pick<SqlArguments, 'statement'>,
      { key = crypto.randomUUID(), timeoutMs = 20_000 }: { key?: string; timeoutMs?: number } = {},
    ): Promise<Json> =>
      calls.environment.run(
        (request) => calls.activities.queryDatabase(request),
        requestOf({ binding: 'readable', parameters: [], access: 'read' as const, ...args }, key, timeoutMs),
      );

    const documents = async (): Promise<void> => {
      const at = { binding: 'writable', key: 'order/1' };
      const put = { operation: 'put', ...at, value: { total: 7 }, expect: 'absent' } as const;
      const { version } = (await store(put, 'first call')) as { readonly version: string };
      expect(await store(put, 'first call')).toEqual({ version });
      expect(await faultOf(store(put))).toMatchObject({ status: 409 });
      expect(await store({ operation: 'get', ...at })).toEqual({ value: { total: 7 }, version });
      const page = { cursor: null, limit: 10, reverse: false };
      expect(await store({ operation: 'scan', binding: 'readable', prefix: 'order/', ...page })).toEqual({
        documents: [{ key: 'order/1', value: { total: 7 }, version }],
      });
      for (const write of [put, { operation: 'delete', ...at, expect: 'any' } as const]) {
        expect(await faultOf(store({ ...write, binding: 'readable' }))).toMatchObject(refused);
      }
      expect(await store({ operation: 'delete', ...at, expect: { version } })).toEqual({ deleted: true });
      expect(await store({ operation: 'get', ...at })).toBeNull();
    };
    if (hasDocuments) test('a document is written once for a call, read, listed and removed', documents);

    if (sql === undefined) return;

    test('a write is applied once for a call', async () => {
      const write = { binding: 'writable', access: 'write', statement: sql.insert, parameters: [1] } as const;
      const answer = { rows: [], changes: 1 };
      expect(await query(write, { key: 'insert' })).toEqual(answer);
      expect(await query(write, { key: 'insert' })).toEqual(answer);
      const counted = { rows: [{ count: 1 }], changes: 0 };
      expect(await query({ statement: 'SELECT count(*) AS count FROM numbers' })).toEqual(counted);
    });

    test('a binding for reading lets nothing write, whatever the step says and however a statement begins', async () => {
      const write = { statement: sql.insert, parameters: [2] };
      expect(await faultOf(query({ ...write, access: 'write' }))).toMatchObject(refused);
      expect(await faultOf(query(write))).toMatchObject(refused);
      expect(await faultOf(query({ statement: sql.disguised }))).toMatchObject(refused);
      const none = { rows: [{ count: 0 }], changes: 0 };
      const select = 'SELECT count(*) AS count FROM numbers WHERE n > 1';
      expect(await query({ statement: select })).toEqual(none);
    });

    test('an answer has no more rows and bytes than the binding allows', async () => {
      const rows = (count: number): string =>
        Array.from({ length: count }, (_, n) => `SELECT ${n} AS n`).join(' UNION ALL ');
      expect(await query({ statement: rows(3) })).toMatchObject({ rows: [{ n: 0 }, { n: 1 }, { n: 2 }] });
      expect(await faultOf(query({ statement: rows(4) }))).toMatchObject(tooLarge);
      const text = (length: number): string => `SELECT '${'x'.repeat(length)}' AS x`;
      expect(await query({ statement: text(1_000) })).toMatchObject({ rows: [{ x: 'x'.repeat(1_000) }] });
      expect(await faultOf(query({ statement: text(1_100) }))).toMatchObject(tooLarge);
    });

    test("a statement takes no longer than the binding's time or the task's, and then the next one runs", async () => {
      const statement = sql.slow;
      for (const slow of [query({ statement, binding: 'hasty' }), query({ statement }, { timeoutMs: 500 })]) {
        const begun = performance.now();
        expect(await faultOf(slow)).toMatchObject(late);
        // Far from the minutes that it takes.
        expect(performance.now() - begun).toBeLessThan(20_000);
      }
      expect(await query({ statement: 'SELECT 1 AS one', binding: 'hasty' })).toMatchObject({
        rows: [{ one: 1 }],
      });
    });
  });
}
