/**
 * MySQL 8 and MariaDB 10.3 or newer, on InnoDB; tidb.ts builds on it. Name the server that takes the writes: a replica
 * refuses them, and behind a proxy that sends reads to replicas a listener could miss an event. The same holds for the
 * nodes of a Galera cluster: name one, the others may show a write a moment later.
 */
import { MysqlDialect, sql } from 'kysely';
import type { Kysely, MysqlPool, MysqlPoolConnection, MysqlQueryResult } from 'kysely';
import type { Pool } from 'mysql2';
import { parseDatabaseUrl } from './database-url.ts';
import { codeOf, migrateAdvice, unavailable, unreachable } from './errors.ts';
import type { Advice } from './errors.ts';
import { createMysqlPool } from './mysql-pool.ts';
import type { Store } from './port.ts';
import { openSqlStore } from './sql.ts';
import type { SqlRow, SqlTables } from './sql.ts';

// VARBINARY compares byte by byte, and trailing spaces and U+0000 count.
const createTable = `
  CREATE TABLE IF NOT EXISTS perdure_documents (
    \`key\` VARBINARY(1024) NOT NULL PRIMARY KEY,
    version VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    bytes INT UNSIGNED NOT NULL,
    value LONGBLOB NOT NULL
  ) ENGINE = InnoDB`;

// Whatever the server's defaults are: nothing is cut to fit, a backslash escapes, each statement is committed.
const sessionSettings = "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', autocommit = 1";

const duplicateKey = 1062;
const missingTable = 1146;
/** Deadlock, and a lock that took too long: both undo the statement. */
const rolledBack = [1213, 1205];

/** What a system that speaks MySQL's protocol adds: numbers of errors. */
interface MysqlKind {
  readonly defaultPort: number;
  /** The server undid the statement because of another one. */
  readonly rolledBack: readonly number[];
  readonly advices: Readonly<Record<number, Advice>>;
}

const mysqlKind: MysqlKind = { defaultPort: 3306, rolledBack: [], advices: {} };

/** Opens the store at `mysql://user:password@host:port/database`. Fails with a {@link StoreError}. */
export async function openMysqlStore(url: string, kind: MysqlKind = mysqlKind): Promise<Store> {
  const address = parseDatabaseUrl(url);
  const { name, port = kind.defaultPort, database, connections } = address;
  const { connectTimeoutMs, timeoutMs } = address;
  const pool = createMysqlPool(address, port, sessionSettings, { maxIdle: connections });
  return await openSqlStore({
    name,
    dialect: new MysqlDialect({ pool: withTimeout(pool, timeoutMs) }),
    deadlineMs: connectTimeoutMs + timeoutMs + 2_000,
    createTable,
    insert: (kysely, row) => areInserted(kysely, [row]),
    async insertAll(kysely, rows) {
      if (await areInserted(kysely, rows)) return [];
      // One of them is there, and so the statement has done nothing.
      const taken: Buffer[] = [];
      for (const row of rows) if (!(await areInserted(kysely, [row]))) taken.push(row.key);
      return taken;
    },
    upsert: (kysely, row) =>
      kysely
        .insertInto('perdure_documents')
        .values(row)
        .onDuplicateKeyUpdate({
          version: sql`values(version)`,
          bytes: sql`values(bytes)`,
          value: sql`values(value)`,
        })
        .execute(),
    wasRolledBack: (cause) => [...rolledBack, ...kind.rolledBack].includes(numberOf(cause)),
    isMissingTable: (cause) => numberOf(cause) === missingTable,
    explain: (cause) => unavailable(name, cause, kind.advices[numberOf(cause)] ?? adviceFor(cause, database)),
  });
}

/** Inserts all of the rows where all of their keys are free, else none; resolves to which. */
async function areInserted(kysely: Kysely<SqlTables>, rows: readonly SqlRow[]): Promise<boolean> {
  try {
    await kysely.insertInto('perdure_documents').values(rows).execute();
    return true;
  } catch (error) {
    // INSERT IGNORE would hide other errors, too.
    if (numberOf(error) === duplicateKey) return false;
    throw error;
  }
}

/** A pool whose statements have a timeout; a connection that is not answered in time, or breaks, is thrown away. */
function withTimeout(pool: Pool, timeoutMs: number): MysqlPool {
  return {
    end: (callback) => pool.end(callback),
    getConnection(callback) {
      pool.getConnection((error, connection) => {
        const query: MysqlPoolConnection['query'] = (text, values: unknown[], done) => {
          let isOver = false;
          const end = (failure: Error | null, result?: unknown): void => {
            if (isOver) return;
            isOver = true;
            clearTimeout(timer);
            if (failure !== null && numberOf(failure) === 0) connection.destroy();
            done?.(failure, result as MysqlQueryResult);
          };
          const timer = setTimeout(() => end(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
          return connection.query(text, values, end);
        };
        // All that is asked of a connection here: nothing streams or cancels.
        const offered = { query, release: () => connection.release() };
        callback(error, offered as MysqlPoolConnection);
      });
    },
  };
}

/** The number of a server's error; 0 for what is none, such as a connection that broke. */
function numberOf(cause: unknown): number {
  const isServers = typeof cause === 'object' && cause !== null && 'errno' in cause && 'sqlState' in cause;
  return isServers ? Number(cause.errno) : 0;
}

// Error numbers: https://mariadb.com/kb/en/mariadb-error-codes/
const advices: Readonly<Record<number, Advice>> = {
  1040: { advice: 'Lower the parameter `connections`, or raise max_connections.', retryable: true },
  1044: { advice: 'Grant this user rights on the database.' },
  1045: { advice: 'Check user and password in `store` (PERDURE_STORE).' },
  1053: unreachable,
  1114: { advice: 'The disk of the server is full: free some space.', retryable: true },
  1142: migrateAdvice,
  1153: { advice: 'Raise max_allowed_packet of the server to 16M: a value takes up to 8 MiB.' },
  1203: { advice: 'Lower the parameter `connections`, or raise max_user_connections.', retryable: true },
  1290: { advice: 'Name the server that takes the writes: a replica does not.', retryable: true },
  1836: { advice: 'Name the server that takes the writes: a replica does not.', retryable: true },
  1927: unreachable,
};

function adviceFor(cause: unknown, database: string): Advice {
  const number = numberOf(cause);
  if (number === 0) return codeOf(cause) === 'HANDSHAKE_NO_SSL_SUPPORT' ? noTls : unreachable;
  if (number === 1049) return { advice: `Make it: CREATE DATABASE \`${database}\`.` };
  return advices[number] ?? { advice: 'The log of the server says more.' };
}

const noTls: Advice = { advice: 'Take `tls` out of `store` (PERDURE_STORE), or turn TLS on there.' };
