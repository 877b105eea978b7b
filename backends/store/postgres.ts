/**
 * PostgreSQL 12 or newer, and what speaks its protocol and SQL. Name the primary: a standby refuses writes, and behind a
 * proxy that sends reads to standbys a listener could miss an event. Whether an acknowledged write survives a crash is up
 * to the server's `synchronous_commit`, which is on unless somebody turned it off.
 */
import { PostgresDialect } from 'kysely';
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import { DatabaseError } from 'pg';
import type { Pool } from 'pg';
import { parseDatabaseUrl } from './database-url.ts';
import type { DatabaseUrl } from './database-url.ts';
import { codeOf, migrateAdvice, unavailable, unreachable } from './errors.ts';
import type { Advice } from './errors.ts';
import type { Store } from './port.ts';
import { createPostgresPool } from './postgres-pool.ts';
import { openSqlStore } from './sql.ts';
import type { SqlSystem } from './sql.ts';

// BYTEA compares byte by byte, and takes U+0000, which TEXT does not.
const createTable = `
  CREATE TABLE IF NOT EXISTS perdure_documents (
    key BYTEA NOT NULL PRIMARY KEY,
    version TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    value BYTEA NOT NULL
  )`;

/** Opens the store at `postgres://user:password@host:port/database`. Fails with a {@link StoreError}. */
export async function openPostgresStore(url: string): Promise<Store> {
  const address = parseDatabaseUrl(url);
  return await openSqlStore(systemAt(address));
}

function systemAt(address: DatabaseUrl): SqlSystem {
  const { name, database, connectTimeoutMs, timeoutMs } = address;
  const pool = createPostgresPool(address, {
    statement_timeout: timeoutMs,
    // The server's own timeout comes first, unless the server is gone without a word.
    query_timeout: timeoutMs + 1_000,
  });
  return {
    name,
    dialect: new PostgresDialect({ pool: withoutBroken(pool) }),
    deadlineMs: connectTimeoutMs + timeoutMs + 2_000,
    createTable,
    async insert(kysely, row) {
      const { numInsertedOrUpdatedRows } = await kysely
        .insertInto('perdure_documents')
        .values(row)
        .onConflict((conflict) => conflict.column('key').doNothing())
        .executeTakeFirst();
      return numInsertedOrUpdatedRows === 1n;
    },
    async insertAll(kysely, rows) {
      const written = await kysely
        .insertInto('perdure_documents')
        .values(rows)
        .onConflict((conflict) => conflict.column('key').doNothing())
        .returning('key')
        .execute();
      const keys = new Set(written.map(({ key }) => key.toString('hex')));
      return rows.map(({ key }) => key).filter((key) => !keys.has(key.toString('hex')));
    },
    upsert: (kysely, { key, ...changes }) =>
      kysely
        .insertInto('perdure_documents')
        .values({ key, ...changes })
        .onConflict((conflict) => conflict.column('key').doUpdateSet(changes))
        .execute(),
    // Serialization failure and deadlock: both undo the statement.
    wasRolledBack: (cause) => ['40001', '40P01'].includes(codeOf(cause)),
    isMissingTable: (cause) => codeOf(cause) === '42P01',
    explain: (cause) => unavailable(name, cause, adviceFor(cause, database)),
  };
}

/** A pool that throws away a connection on which anything but the server's own answer ended a statement. */
function withoutBroken(pool: Pool): PostgresPool {
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect();
      let isBroken = false;
      const query = async (text: string, values: unknown[]): Promise<unknown> => {
        try {
          return await client.query(text, values);
        } catch (error) {
          isBroken ||= !(error instanceof DatabaseError);
          throw error;
        }
      };
      const release = (destroy?: boolean): void => client.release(destroy === true || isBroken);
      return { query: query as PostgresPoolClient['query'], release };
    },
  };
}

// Error codes of PostgreSQL, https://www.postgresql.org/docs/current/errcodes-appendix.html
const advices: Readonly<Record<string, Advice>> = {
  '25006': { advice: 'Name the primary: a standby takes no writes.', retryable: true },
  '28000': { advice: 'Check user, password and TLS in `store` (PERDURE_STORE).' },
  '28P01': { advice: 'Check user and password in `store` (PERDURE_STORE).' },
  '42501': migrateAdvice,
  '53100': { advice: 'The disk of the server is full: free some space.', retryable: true },
  '53300': { advice: 'Lower the parameter `connections`, or raise max_connections.', retryable: true },
  '57014': { advice: 'Raise the parameter `timeoutMs`, or see what holds the server up.', retryable: true },
};

function adviceFor(cause: unknown, database: string): Advice {
  const code = codeOf(cause);
  if (code === '3D000') return { advice: `Make it: CREATE DATABASE "${database}".` };
  const known = advices[code];
  if (known !== undefined) return known;
  // Classes 08 and 57P: connections, shutting down, starting up.
  if (!(cause instanceof DatabaseError) || /^(?:08|57P)/.test(code)) return unreachable;
  return { advice: 'The log of the server says more.' };
}
