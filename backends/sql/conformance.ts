/** What every SQL database does for a definition, asked of its real server. */
import { randomUUID } from 'node:crypto';
import type { Json } from '../../dsl/json.ts';
import { eventually } from '../../test/service-process.ts';
import type { SqlError } from './errors.ts';
import type { SqlAnswer, SqlDatabase, SqlRequest } from './port.ts';

export interface SqlCase {
  /** A handle of the database, as of one more worker. */
  open(options: { readonly rememberDays: number }): Promise<SqlDatabase>;
  /** The placeholder of a parameter, from 1. */
  placeholder(number: number): string;
  /** A statement that takes minutes. */
  readonly slow: string;
  /** Expressions of the system's types, and what they are as JSON. */
  readonly types: readonly (readonly [string, Json])[];
}

/** Declares the suite. */
export function sqlConformance(name: string, system: SqlCase): void {
  describe(name, () => {
    let database: SqlDatabase;
    let other: SqlDatabase;
    // The database may have been here before.
    const table = `orders_${randomUUID().slice(0, 8)}`;
    const p = (number: number): string => system.placeholder(number);
    const insert = `INSERT INTO ${table} (id, total) VALUES (${p(1)}, ${p(2)})`;

    const request = (
      statement: string,
      parameters: Json[] = [],
      more: Partial<SqlRequest> = {},
    ): SqlRequest => ({
      statement,
      parameters,
      maxRows: 100,
      maxBytes: 10_000,
      timeoutMs: 10_000,
      signal: new AbortController().signal,
      ...more,
    });
    const write = (
      statement: string,
      parameters: Json[] = [],
      key: string = randomUUID(),
    ): Promise<SqlAnswer> => database.write(request(statement, parameters), key);
    const idsLike = async (pattern: string): Promise<Json[]> => {
      const select = `SELECT id FROM ${table} WHERE id LIKE ${p(1)} ORDER BY id`;
      return (await database.read(request(select, [pattern]))).rows.map(({ id }) => id ?? null);
    };
    const typeOf = async (work: Promise<unknown>): Promise<string> =>
      work.then(
        (answer) => `answered ${JSON.stringify(answer)}`,
        (error: unknown) => (error as SqlError).type,
      );

    beforeAll(async () => {
      database = await system.open({ rememberDays: 30 });
      other = await system.open({ rememberDays: 30 });
      await write(`CREATE TABLE ${table} (id VARCHAR(60) NOT NULL PRIMARY KEY, total INTEGER)`);
    });

    afterAll(async () => {
      await write(`DROP TABLE ${table}`);
      await database.close();
      await other.close();
    });

    test('what parameters hold is data, whatever it looks like', async () => {
      const id = "quote-'); DROP TABLE x; -- \\";
      expect(await write(insert, [id, 3])).toEqual({ rows: [], changes: 1 });
      const select = `SELECT id, total FROM ${table} WHERE id = ${p(1)} AND total = ${p(2)}`;
      const answer = { rows: [{ id, total: 3 }], changes: 0 };
      expect(await database.read(request(select, [id, 3]))).toEqual(answer);
    });

    test('types become JSON that keeps every digit', async () => {
      const columns = system.types.map(([expression], index) => `${expression} AS c${index}`);
      const { rows } = await database.read(request(`SELECT ${columns.join(', ')}`));
      expect(rows).toEqual([
        Object.fromEntries(system.types.map(([, value], index) => [`c${index}`, value])),
      ]);
    });

    test('a write that is repeated is applied once, and gives the first answer', async () => {
      const key = randomUUID();
      const first = await write(insert, ['once', 1], key);
      expect(await other.write(request(insert, ['once', 1]), key)).toEqual(first);
      // The call is what is repeated: what it says now does not matter.
      expect(await write(insert, ['once-more', 1], key)).toEqual(first);
      expect(await idsLike('once%')).toEqual(['once']);
    });

    test('what was written longer ago than is remembered is forgotten, little by little, and nothing else', async () => {
      const calledBefore = (days: number): string =>
        new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 19).replace('T', ' ');
      const calls = async (): Promise<Json> => {
        const select = `SELECT count(*) AS calls FROM perdure_calls WHERE call_key LIKE '${table}%'`;
        return (await database.read(request(select))).rows[0]?.['calls'] ?? null;
      };
      // More than one statement removes.
      const count = 1_100;
      const old = Array.from({ length: count }, (_, n) => `('${table}-${n}', '${calledBefore(31)}', '{}')`);
      const young = `('${table}-young', '${calledBefore(29)}', '{"rows":[],"changes":7}')`;
      const fill = `INSERT INTO perdure_calls (call_key, called_at, answer) VALUES ${[...old, young].join(', ')}`;
      await write(fill);
      expect(await calls()).toBe(count + 1);
      const worker = await system.open({ rememberDays: 30 });
      await worker.write(request(insert, ['reminder', 1]), randomUUID());
      await eventually('only the young one is there', async () => ((await calls()) === 1 ? true : undefined));
      expect(await worker.write(request(insert, ['young', 1]), `${table}-young`)).toEqual({
        rows: [],
        changes: 7,
      });
      expect(await idsLike('young')).toEqual([]);
      await worker.close();
    });

    test('of attempts at the same time one writes', async () => {
      const key = randomUUID();
      const bump = `UPDATE ${table} SET total = total + 1 WHERE id = ${p(1)}`;
      await write(insert, ['bumped', 0]);
      const attempts = [database, other, database, other].map((one) =>
        one.write(request(bump, ['bumped']), key),
      );
      for (const answer of await Promise.all(attempts)) expect(answer).toEqual({ rows: [], changes: 1 });
      const select = `SELECT total FROM ${table} WHERE id = ${p(1)}`;
      expect((await database.read(request(select, ['bumped']))).rows).toEqual([{ total: 1 }]);
    });

    test('a write that fails leaves nothing behind, and can be tried again', async () => {
      const key = randomUUID();
      await write(insert, ['taken', 1]);
      expect(await typeOf(write(insert, ['taken', 2], key))).toBe('conflict');
      expect(await write(insert, ['free', 2], key)).toEqual({ rows: [], changes: 1 });
      expect(await typeOf(write('INSERT INTO nowhere_at_all (id) VALUES (1)'))).toBe('statement');
    });

    test('a read does not write', async () => {
      const refused = await typeOf(database.read(request(insert, ['sneaked', 1])));
      expect(['read-only', 'statement']).toContain(refused);
      expect(await idsLike('sneaked')).toEqual([]);
    });

    test('one statement at a time', async () => {
      const two = `SELECT 1 AS one; DELETE FROM ${table}`;
      expect(await typeOf(database.read(request(two)))).toBe('statement');
      expect(await typeOf(write(two))).toBe('statement');
      expect(await idsLike('free')).toEqual(['free']);
    });

    test('more rows or bytes than are wanted are refused', async () => {
      for (const id of ['page-1', 'page-2', 'page-3']) await write(insert, [id, 1]);
      const all = `SELECT id FROM ${table} WHERE id LIKE 'page-%' ORDER BY id`;
      expect((await database.read(request(all, [], { maxRows: 3 }))).rows).toHaveLength(3);
      expect(await typeOf(database.read(request(all, [], { maxRows: 2 })))).toBe('too-large');
      expect(await typeOf(database.read(request(all, [], { maxBytes: 40 })))).toBe('too-large');
      expect(await typeOf(other.read(request('SELECT 1 AS one')))).toBe(
        'answered {"rows":[{"one":1}],"changes":0}',
      );
    });

    test('what takes too long is ended, and the next statement runs', async () => {
      const begun = performance.now();
      expect(await typeOf(database.read(request(system.slow, [], { timeoutMs: 500 })))).toBe('late');
      expect(performance.now() - begun).toBeLessThan(5_000);
      expect(await idsLike('free')).toEqual(['free']);
    });

    test('what nobody waits for is ended', async () => {
      const leaving = new AbortController();
      const asked = database.read(request(system.slow, [], { signal: leaving.signal }));
      setTimeout(() => leaving.abort(new Error('left')), 300);
      await expect(asked).rejects.toThrow('left');
      expect(await idsLike('free')).toEqual(['free']);
    });
  });
}
