/**
 * The statements of a store in an SQL database: one table, and each operation one statement outside of a transaction.
 * Keys and values are bytes, so that neither encoding nor collation nor trailing spaces of a database touch them and
 * keys compare byte by byte: the port's order. Reads go to the server that takes the writes, which shows a committed
 * write to every statement that begins after it: so they are linearizable on one server, and not on its replicas.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Kysely, sql } from 'kysely';
import type { Dialect } from 'kysely';
import type { Driver, Row } from './driver.ts';
import type { StoreError } from './errors.ts';
import type { Store } from './port.ts';
import { prepareSqlLayout } from './sql-layout.ts';
import { storeOn } from './store-on.ts';

/** What the statements stand on; sql-layout.ts makes it. */
export interface SqlTables {
  readonly perdure_documents: {
    readonly key: Buffer;
    readonly version: string;
    /** Size of the value: a page is cut by it before any value is read. */
    readonly bytes: number;
    /** JSON text as UTF-8. */
    readonly value: Buffer;
  };
}

export type SqlRow = SqlTables['perdure_documents'];

/** In what SQL databases differ. */
export interface SqlSystem {
  /** The URL without what is confidential. */
  readonly name: string;
  readonly dialect: Dialect;
  readonly deadlineMs: number;
  /** The statement that makes the table `perdure_documents` unless it is there. */
  readonly createTable: string;
  /** Inserts where the key is free; resolves to whether it was. */
  insert(database: Kysely<SqlTables>, row: SqlRow): Promise<boolean>;
  /** Inserts each row whose key is free; resolves to the keys that are not. */
  insertAll(database: Kysely<SqlTables>, rows: readonly SqlRow[]): Promise<readonly Buffer[]>;
  upsert(database: Kysely<SqlTables>, row: SqlRow): Promise<unknown>;
  /** Whether the server undid the statement because of another one, so that it can be run again. */
  wasRolledBack(cause: unknown): boolean;
  isMissingTable(cause: unknown): boolean;
  explain(cause: unknown): StoreError;
}

/** How often a statement is run again that lost against another one. */
const maxRepeats = 10;

/** Connects, and makes or updates the tables where that is needed. Fails with a {@link StoreError}. */
export async function openSqlStore(system: SqlSystem): Promise<Store> {
  const database = new Kysely<SqlTables>({ dialect: system.dialect });
  try {
    await prepareSqlLayout(system, database);
    return storeOn(createDriver(system, database));
  } catch (error) {
    await database.destroy();
    throw error;
  }
}

function createDriver(system: SqlSystem, database: Kysely<SqlTables>): Driver {
  const { name, deadlineMs } = system;

  async function repeated<Result>(statement: () => Promise<Result>): Promise<Result> {
    for (let repeats = 0; ; repeats++) {
      try {
        return await statement();
      } catch (error) {
        if (repeats === maxRepeats || !system.wasRolledBack(error)) throw error;
        await sleep(Math.random() * 10 * 2 ** Math.min(repeats, 5));
      }
    }
  }

  return {
    name,
    deadlineMs,

    async get(key) {
      const found = await repeated(() =>
        database
          .selectFrom('perdure_documents')
          .select(['key', 'version', 'value'])
          .where('key', '=', Buffer.from(key))
          .executeTakeFirst(),
      );
      return found && rowOf(found);
    },

    insert: (row) => repeated(() => system.insert(database, sqlRow(row))),

    async insertAll(rows) {
      const taken = await repeated(() => system.insertAll(database, rows.map(sqlRow)));
      return new Set(taken.map(String));
    },

    async upsert(row) {
      await repeated(() => system.upsert(database, sqlRow(row)));
    },

    async update(row, expected) {
      const { key, ...changes } = sqlRow(row);
      const { numUpdatedRows } = await repeated(() =>
        database
          .updateTable('perdure_documents')
          .set(changes)
          .where('key', '=', key)
          .where('version', '=', expected)
          .executeTakeFirst(),
      );
      return numUpdatedRows === 1n;
    },

    async remove(key) {
      await repeated(() =>
        database.deleteFrom('perdure_documents').where('key', '=', Buffer.from(key)).execute(),
      );
    },

    async removeVersion(key, expected) {
      const { numDeletedRows } = await repeated(() =>
        database
          .deleteFrom('perdure_documents')
          .where('key', '=', Buffer.from(key))
          .where('version', '=', expected)
          .executeTakeFirst(),
      );
      return numDeletedRows === 1n;
    },

    async range({ from, to, reverse, limit, maxSize }) {
      const direction = reverse ? 'desc' : 'asc';
      // One row over the limit tells that there are more.
      let keys = database
        .selectFrom('perdure_documents')
        .select(['key', 'bytes'])
        .where('key', '>=', Buffer.from(from))
        .orderBy('key', direction)
        .limit(limit + 1);
      if (to !== undefined) keys = keys.where('key', '<', Buffer.from(to));
      const sized = database.selectFrom(keys.as('candidate')).select((build) => [
        'key',
        // PostgreSQL's client gives large integers as texts.
        sql<number | string>`count(*) over ()`.as('candidates'),
        build(
          build.fn.sum<number>('bytes').over((over) => over.orderBy('key', direction)),
          '-',
          build.ref('bytes'),
        ).as('before'),
      ]);
      // Values are read for the keys of the page only, in the same statement and so of the same moment.
      const found = await repeated(() =>
        database
          .selectFrom(sized.as('page'))
          .innerJoin('perdure_documents as document', 'document.key', 'page.key')
          .select(['document.key', 'document.version', 'document.value', 'page.candidates'])
          .where('page.before', '<', maxSize)
          .orderBy('page.key', direction)
          .execute(),
      );
      const rows = found.slice(0, limit).map(rowOf);
      return { rows, more: Number(found[0]?.candidates ?? 0) > rows.length };
    },

    async ping() {
      await database.selectFrom('perdure_documents').select('bytes').limit(1).execute();
    },

    close: () => database.destroy(),
    explain: (cause) => system.explain(cause),
  };
}

function sqlRow({ key, version, text }: Row): SqlRow {
  const value = Buffer.from(text);
  return { key: Buffer.from(key), version, bytes: value.length, value };
}

function rowOf({ key, version, value }: Omit<SqlRow, 'bytes'>): Row {
  return { key: key.toString(), version, text: value.toString() };
}
