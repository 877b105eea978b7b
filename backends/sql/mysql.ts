/**
 * MySQL 8, MariaDB 10.3 and TiDB 6.5 or newer. A statement is prepared by the server, which takes one statement with
 * parameters beside it. What is late or aborted is ended by KILL QUERY. TiDB has no read-only transactions that it
 * enforces: there a read is refused unless it gives rows, and is undone.
 */
import { TypedParameter } from 'mysql2';
import type { FieldPacket, Pool, PoolConnection, TypedParameterValue } from 'mysql2';
import type { Json, JsonObject } from '../../dsl/json.ts';
import { parseDatabaseUrl } from '../store/database-url.ts';
import { reasonOf } from '../store/errors.ts';
import { createMysqlPool } from '../store/mysql-pool.ts';
import { connectionError, lateError, SqlError } from './errors.ts';
import type { SqlErrorType } from './errors.ts';
import { forgetting, forgottenAtOnce } from './forgetting.ts';
import type { SqlAnswer, SqlDatabase, SqlRequest } from './port.ts';
import { bytesJson, collectRows, floatJson, integerJson, plainParameter, timeJson } from './rows.ts';

const createTable = `
  CREATE TABLE IF NOT EXISTS perdure_calls (
    call_key VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    called_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    answer LONGTEXT CHARACTER SET utf8mb4,
    INDEX perdure_calls_called_at (called_at)
  ) ENGINE = InnoDB`;

const forgetCalls = `
  DELETE FROM perdure_calls WHERE called_at < CURRENT_TIMESTAMP - INTERVAL ? DAY ORDER BY called_at LIMIT ${forgottenAtOnce}`;

// Whatever the server's defaults are: nothing is cut to fit, a backslash escapes, times are in UTC.
const sessionSettings =
  "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', autocommit = 1, time_zone = '+00:00'";

/** Beyond a statement's time: for the server's own word that it is over. */
const graceMs = 3_000;

/** For the one row of a statement of Perdure's own. */
const unlimited = { maxRows: 1, maxBytes: Infinity };

/** Connections keep what they have prepared. */
const maxPreparedStatements = 50;

/** The database at `mysql://user:password@host:port/database`, which remembers writes for so many days. */
export function openMysql(url: string, rememberDays: number): SqlDatabase {
  return open(url, rememberDays, 3306, 'START TRANSACTION READ ONLY');
}

/** The database at `tidb://user:password@host:port/database`, which remembers writes for so many days. */
export function openTidb(url: string, rememberDays: number): SqlDatabase {
  return open(url, rememberDays, 4000, 'START TRANSACTION');
}

function open(url: string, rememberDays: number, defaultPort: number, beginRead: string): SqlDatabase {
  const address = parseDatabaseUrl(url);
  const { port = defaultPort } = address;
  const pool = createMysqlPool(address, port, sessionSettings, {
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
    maxPreparedStatements,
  });
  let hasTable = false;
  const calls = forgetting(async () => {
    const connection = await connected(pool);
    try {
      // Else the statement would lock the place between the rows, where others insert theirs.
      await command(connection, 'SET TRANSACTION ISOLATION LEVEL READ COMMITTED');
      return (await executed(connection, forgetCalls, [rememberDays], unlimited)).changes;
    } finally {
      connection.release();
    }
  });

  async function transaction<Result>(
    { timeoutMs, signal }: SqlRequest,
    begin: string,
    work: (connection: PoolConnection) => Promise<Result>,
  ): Promise<Result> {
    signal.throwIfAborted();
    const connection = await connected(pool);
    const { promise: gone, reject } = Promise.withResolvers<never>();
    gone.catch(() => undefined);
    let isOver = false;
    let cancelling: Promise<unknown> | undefined;
    let hopeless: NodeJS.Timeout | undefined;
    const cancel = (): void => {
      cancelling ??= killQuery(pool, connection.threadId);
      hopeless = setTimeout(() => reject(lateError(timeoutMs)), graceMs);
    };
    const timer = setTimeout(cancel, timeoutMs);
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const result = await Promise.race([command(connection, begin).then(() => work(connection)), gone]);
      isOver = true;
      return result;
    } catch (error) {
      signal.throwIfAborted();
      // A statement that was ended may say so in several ways.
      throw cancelling === undefined ? explained(error) : lateError(timeoutMs, error);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      // An open transaction ends with its connection; of rows that nobody wants any more the server hears first.
      if (!isOver && cancelling === undefined) cancelling = killQuery(pool, connection.threadId);
      await cancelling;
      clearTimeout(hopeless);
      if (isOver && cancelling === undefined) connection.release();
      else connection.destroy();
    }
  }

  async function prepareTable(): Promise<void> {
    if (hasTable) return;
    const connection = await connected(pool);
    try {
      const there = await executed(connection, tableQuery, [], { maxRows: 1, maxBytes: 10_000 });
      // Asked first: where the table is, nobody needs the right to make one.
      if (there.rows.length === 0) await command(connection, createTable);
      hasTable = true;
    } finally {
      connection.release();
    }
  }

  return {
    read: (request) =>
      transaction(request, beginRead, async (connection) => {
        const answer = await executed(connection, request.statement, request.parameters, request);
        if (!answer.gaveRows) throw new SqlError('read-only', 'the statement gives no rows: it writes');
        await command(connection, 'ROLLBACK');
        return { rows: answer.rows, changes: 0 };
      }),

    async write(request, key) {
      await prepareTable().catch((error: unknown) => {
        throw explained(error);
      });
      const written = await transaction(request, 'START TRANSACTION', async (connection) => {
        try {
          // Waits for whoever runs the same call, and then fails.
          const insert = 'INSERT INTO perdure_calls (call_key) VALUES (?)';
          await executed(connection, insert, [key], unlimited);
        } catch (error) {
          if (numberOf(error) !== duplicateKey) throw error;
          const select = 'SELECT answer FROM perdure_calls WHERE call_key = ?';
          await command(connection, 'ROLLBACK');
          const [kept] = (await executed(connection, select, [key], unlimited)).rows;
          return keptAnswer(kept);
        }
        const { rows, changes } = await executed(connection, request.statement, request.parameters, request);
        const answer: SqlAnswer = { rows, changes };
        const update = 'UPDATE perdure_calls SET answer = ? WHERE call_key = ?';
        await executed(connection, update, [JSON.stringify(answer), key], unlimited);
        await command(connection, 'COMMIT');
        return answer;
      });
      calls.look();
      return written;
    },

    async close() {
      await calls.stop();
      await new Promise<void>((resolve) => pool.end(() => resolve()));
    },
  };
}

const tableQuery =
  "SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'perdure_calls'";

function keptAnswer(kept: JsonObject | undefined): SqlAnswer {
  if (typeof kept?.answer !== 'string') {
    throw new SqlError('unavailable', 'another attempt of this call has just failed');
  }
  return JSON.parse(kept.answer) as SqlAnswer;
}

function connected(pool: Pool): Promise<PoolConnection> {
  return new Promise((resolve, reject) => {
    pool.getConnection((error, connection) =>
      error === null ? resolve(connection) : reject(explained(error)),
    );
  });
}

function killQuery(pool: Pool, threadId: number): Promise<void> {
  return new Promise((resolve) => {
    pool.query({ sql: `KILL QUERY ${threadId}`, timeout: graceMs }, () => resolve());
  });
}

/** A statement of Perdure's own, without parameters. */
function command(connection: PoolConnection, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.query(text, (error) => (error === null ? resolve() : reject(error)));
  });
}

interface Executed extends SqlAnswer {
  readonly gaveRows: boolean;
}

/** Runs a statement that the server prepares; takes its rows as they come, so that too many never fill the memory. */
function executed(
  connection: PoolConnection,
  text: string,
  parameters: readonly Json[],
  limits: { readonly maxRows: number; readonly maxBytes: number },
): Promise<Executed> {
  return new Promise((resolve, reject) => {
    const collected = collectRows(limits);
    let fields: readonly FieldPacket[] | undefined;
    let changes = 0;
    const running = connection.execute(text, parameters.map(parameterOf));
    running.on('error', reject);
    running.on('fields', (found: readonly FieldPacket[] | undefined) => {
      fields = found;
    });
    running.on('result', (row: unknown) => {
      try {
        if (fields !== undefined) collected.add(rowJson(row as Record<string, unknown>, fields));
        else changes = (row as { affectedRows?: number }).affectedRows ?? 0;
      } catch (error) {
        // The rows that still come go nowhere.
        reject(error);
      }
    });
    running.on('end', () => resolve({ rows: collected.rows, changes, gaveRows: fields !== undefined }));
  });
}

/** The client would send whole numbers as fractions, which `LIMIT ?` does not take. */
function parameterOf(value: Json): string | number | boolean | null | TypedParameterValue {
  const plain = plainParameter(value);
  return typeof plain === 'number' && Number.isSafeInteger(plain) ? TypedParameter.LONGLONG(plain) : plain;
}

/** Numbers of types in the protocol. */
const type = { timestamp: 7, longlong: 8, datetime: 12 };

function rowJson(row: Record<string, unknown>, fields: readonly FieldPacket[]): JsonObject {
  const types = new Map(fields.map((field) => [field.name, field.columnType]));
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, valueJson(value, types.get(name))]),
  );
}

function valueJson(value: unknown, columnType: number | undefined): Json {
  if (value === null || value === undefined) return null;
  if (value instanceof Uint8Array) return bytesJson(value);
  if (typeof value === 'number') return floatJson(value);
  if (typeof value === 'bigint') return integerJson(value);
  if (typeof value !== 'string') return value as Json;
  if (columnType === type.longlong) return integerJson(value);
  const isTime = columnType === type.datetime || columnType === type.timestamp;
  if (!isTime) return value;
  // A TIMESTAMP is a moment, which the session shows in UTC; a DATETIME is whatever was written.
  return columnType === type.timestamp ? `${timeJson(value)}Z` : timeJson(value);
}

const duplicateKey = 1062;

/** The number of a server's error; 0 for what is none, such as a connection that broke. */
function numberOf(cause: unknown): number {
  const isServers = typeof cause === 'object' && cause !== null && 'errno' in cause && 'sqlState' in cause;
  return isServers ? Number(cause.errno) : 0;
}

// Error numbers: https://mariadb.com/kb/en/mariadb-error-codes/, https://docs.pingcap.com/tidb/stable/error-codes
const kinds: readonly (readonly [SqlErrorType, ReadonlySet<number>])[] = [
  ['conflict', new Set([1022, 1048, duplicateKey, 1169, 1216, 1217, 1451, 1452, 1557, 1586, 3819, 4025])],
  ['read-only', new Set([1290, 1792, 1836])],
  ['invalid', new Set([1044, 1045, 1049, 1142, 1227])],
  ['value', new Set([1264, 1292, 1366, 1406, 1411, 1690])],
  [
    'unavailable',
    new Set([
      1040, 1053, 1114, 1203, 1205, 1213, 1927, 8002, 8005, 8022, 8028, 9001, 9002, 9003, 9004, 9005, 9007,
    ]),
  ],
];

function explained(error: unknown): unknown {
  if (error instanceof SqlError) return error;
  const number = numberOf(error);
  if (number === 0) return connectionError(error);
  const kind = kinds.find(([, numbers]) => numbers.has(number))?.[0] ?? 'statement';
  return new SqlError(kind, reasonOf(error), { cause: error });
}
