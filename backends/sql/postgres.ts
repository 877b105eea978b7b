/**
 * PostgreSQL 12 or newer, and what speaks its protocol and SQL. A statement runs in the extended protocol, which takes
 * one statement with parameters beside it. Reads are the query of a cursor in a read-only transaction, so that no more
 * rows are fetched than are taken. The server itself ends what is late, also when this process has died.
 */
import { DatabaseError, types } from 'pg';
import type { Pool, PoolClient, QueryResult } from 'pg';
import type { Json, JsonObject } from '../../dsl/json.ts';
import { parseDatabaseUrl } from '../store/database-url.ts';
import { createPostgresPool } from '../store/postgres-pool.ts';
import { connectionError, lateError, SqlError } from './errors.ts';
import type { SqlErrorType } from './errors.ts';
import { forgetting, forgottenAtOnce } from './forgetting.ts';
import type { SqlAnswer, SqlDatabase, SqlRequest } from './port.ts';
import { bytesJson, collectRows, floatJson, integerJson, plainParameter, timeJson } from './rows.ts';

const createTable = `
  CREATE TABLE IF NOT EXISTS perdure_calls (
    call_key TEXT NOT NULL PRIMARY KEY,
    called_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    answer TEXT
  );
  CREATE INDEX IF NOT EXISTS perdure_calls_called_at ON perdure_calls (called_at)`;

/** Passes over rows that another process removes at the moment. */
const forgetCalls = `
  DELETE FROM perdure_calls WHERE call_key IN (
    SELECT call_key FROM perdure_calls WHERE called_at < now() - make_interval(days => $1)
    ORDER BY called_at LIMIT ${forgottenAtOnce} FOR UPDATE SKIP LOCKED
  )`;

/** How the server writes values, whatever its defaults are. */
const forms =
  "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL IntervalStyle = 'iso_8601'; SET LOCAL bytea_output = 'hex'";

/** Rows that are fetched at a time. */
const fetched = 50;

/** Beyond a statement's time: for the server's own word that it is over. */
const graceMs = 3_000;

const forgetMs = 30_000;

/** The database at `postgres://user:password@host:port/database`, which remembers writes for so many days. */
export function openPostgres(url: string, rememberDays: number): SqlDatabase {
  const pool = createPostgresPool(parseDatabaseUrl(url));
  let hasTable = false;
  const calls = forgetting(async () => {
    const query = { text: forgetCalls, values: [rememberDays], query_timeout: forgetMs };
    return (await pool.query(query)).rowCount ?? 0;
  });

  /** Runs `work` in a transaction, which `work` ends; what is late or aborted is cancelled at the server. */
  async function transaction<Result>(
    { timeoutMs, signal }: SqlRequest,
    begin: string,
    work: (client: PoolClient) => Promise<Result>,
  ): Promise<Result> {
    signal.throwIfAborted();
    const client = await connected(pool);
    let isOver = false;
    let cancelling: Promise<unknown> | undefined;
    const { promise: gone, reject } = Promise.withResolvers<never>();
    gone.catch(() => undefined);
    let hopeless: NodeJS.Timeout | undefined;
    const cancel = (): void => {
      cancelling ??= cancelStatement(pool, client);
      hopeless = setTimeout(() => reject(lateError(timeoutMs)), graceMs);
    };
    const timer = setTimeout(cancel, timeoutMs);
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const settings = `SET LOCAL statement_timeout = ${timeoutMs}; ${forms}`;
      const result = await Promise.race([
        client.query(`${begin}; ${settings}`).then(() => work(client)),
        gone,
      ]);
      isOver = true;
      return result;
    } catch (error) {
      signal.throwIfAborted();
      throw explained(error, timeoutMs);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      await cancelling;
      clearTimeout(hopeless);
      // A connection with an open transaction, or one that a late cancellation may still hit, is of no use to others.
      client.release(!isOver || cancelling !== undefined);
    }
  }

  async function prepareTable(): Promise<void> {
    if (hasTable) return;
    const { rows } = await pool.query("SELECT to_regclass('perdure_calls') AS there");
    // Asked first: where the table is, nobody needs the right to make one.
    if ((rows as { there: unknown }[])[0]?.there === null) await pool.query(createTable).catch(unlessMade);
    hasTable = true;
  }

  return {
    read: (request) =>
      transaction(request, 'BEGIN READ ONLY', async (client) => {
        const answer = collectRows(request);
        await ask(
          client,
          `DECLARE perdure_rows NO SCROLL CURSOR FOR ${request.statement}`,
          request.parameters,
        );
        for (let more = true; more;) {
          const { rows } = await ask(client, `FETCH ${fetched} FROM perdure_rows`, []);
          for (const row of rows) answer.add(row);
          more = rows.length === fetched;
        }
        await client.query('ROLLBACK');
        return { rows: answer.rows, changes: 0 };
      }),

    async write(request, key) {
      const { timeoutMs } = request;
      await prepareTable().catch((error: unknown) => {
        throw explained(error, timeoutMs);
      });
      const written = await transaction(request, 'BEGIN ISOLATION LEVEL READ COMMITTED', async (client) => {
        // Waits for whoever runs the same call, and then sees its answer.
        const insert = 'INSERT INTO perdure_calls (call_key) VALUES ($1) ON CONFLICT DO NOTHING';
        const { rowCount } = await client.query(insert, [key]);
        if (rowCount === 0) {
          const kept = await client.query('SELECT answer FROM perdure_calls WHERE call_key = $1', [key]);
          await client.query('ROLLBACK');
          return keptAnswer((kept.rows as { answer: string }[])[0]?.answer);
        }
        const result = await ask(client, request.statement, request.parameters);
        const collected = collectRows(request);
        for (const row of result.rows) collected.add(row);
        const changes = result.command === 'SELECT' ? 0 : (result.rowCount ?? 0);
        const answer: SqlAnswer = { rows: collected.rows, changes };
        await client.query('UPDATE perdure_calls SET answer = $2 WHERE call_key = $1', [
          key,
          JSON.stringify(answer),
        ]);
        await client.query('COMMIT');
        return answer;
      });
      calls.look();
      return written;
    },

    async close() {
      await calls.stop();
      await pool.end();
    },
  };
}

async function connected(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw explained(error, 0);
  }
}

function keptAnswer(text: string | undefined): SqlAnswer {
  if (text === undefined) throw new SqlError('unavailable', 'another attempt of this call has just failed');
  return JSON.parse(text) as SqlAnswer;
}

/** Over another connection; whether it is heard shows on the first one. */
async function cancelStatement(pool: Pool, client: PoolClient): Promise<void> {
  // Neither is in the types of the client.
  const { processID } = client as PoolClient & { readonly processID: number };
  const query = { text: 'SELECT pg_cancel_backend($1)', values: [processID], query_timeout: graceMs };
  await pool.query(query).catch(() => undefined);
}

function ask(
  client: PoolClient,
  text: string,
  parameters: readonly Json[],
): Promise<QueryResult<JsonObject>> {
  const values = parameters.map((value) => {
    const plain = plainParameter(value);
    return plain === null ? null : String(plain);
  });
  const query = { text, values, types: { getTypeParser }, queryMode: 'extended' };
  return client.query<JsonObject>(query);
}

type Parse = (text: string) => Json;

const integer: Parse = integerJson;
const float: Parse = (text) => floatJson(Number(text));
const json: Parse = (text) => JSON.parse(text) as Json;
const verbatim: Parse = (text) => text;

/** By the type's number in pg_type; any other is the server's own text. */
const parsers: Readonly<Record<number, Parse>> = {
  [types.builtins.BOOL]: (text) => text === 't',
  [types.builtins.BYTEA]: (text) => bytesJson(Buffer.from(text.slice(2), 'hex')),
  [types.builtins.INT2]: integer,
  [types.builtins.INT4]: integer,
  [types.builtins.INT8]: integer,
  [types.builtins.OID]: integer,
  [types.builtins.FLOAT4]: float,
  [types.builtins.FLOAT8]: float,
  [types.builtins.JSON]: json,
  [types.builtins.JSONB]: json,
  [types.builtins.TIMESTAMP]: timeJson,
  [types.builtins.TIMESTAMPTZ]: timeJson,
};

function getTypeParser(oid: number): Parse {
  return parsers[oid] ?? verbatim;
}

/** Two processes that make the table at once: one of them may fail at the catalog's own constraints. */
function unlessMade(error: unknown): void {
  if (!(error instanceof DatabaseError) || !['23505', '42P07', 'XX000'].includes(error.code ?? ''))
    throw error;
}

/** By the code's beginning: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const kinds: readonly (readonly [RegExp, SqlErrorType])[] = [
  [/^23/, 'conflict'],
  [/^25006/, 'read-only'],
  [/^(?:28|3D|42501)/, 'invalid'],
  [/^22/, 'value'],
  [/^(?:08|40|53|57P|55P03|58)/, 'unavailable'],
];

function explained(error: unknown, timeoutMs: number): unknown {
  if (error instanceof SqlError) return error;
  if (!(error instanceof DatabaseError)) return connectionError(error);
  const { code = '', routine } = error;
  if (code === '57014') return lateError(timeoutMs, error);
  // The query of a cursor writes in a WITH.
  if (code === '0A000' && routine === 'transformDeclareCursorStmt')
    return new SqlError('read-only', error.message, { cause: error });
  const type = kinds.find(([pattern]) => pattern.test(code))?.[1] ?? 'statement';
  return new SqlError(type, error.message, { cause: error });
}
