/** The process of an SQLite database: takes one statement after the other and answers each. */
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue } from 'node:sqlite';
import type { Json, JsonObject } from '../../dsl/json.ts';
import { reasonOf } from '../store/errors.ts';
import { SqlError } from './errors.ts';
import type { SqlErrorType } from './errors.ts';
import type { SqlAnswer } from './port.ts';
import { bytesJson, collectRows, floatJson, integerJson, plainParameter } from './rows.ts';
import { forgottenAtOnce } from './forgetting.ts';
import type { SqliteForget, SqliteReply, SqliteRequest, SqliteStatement } from './sqlite-messages.ts';

const createTable = `
  CREATE TABLE IF NOT EXISTS perdure_calls (
    call_key TEXT NOT NULL PRIMARY KEY,
    called_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    answer TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS perdure_calls_called_at ON perdure_calls (called_at)`;

const forgetCalls = `
  DELETE FROM perdure_calls WHERE call_key IN (
    SELECT call_key FROM perdure_calls WHERE called_at < datetime('now', ?) ORDER BY called_at LIMIT ${forgottenAtOnce}
  )`;

/** How long a statement waits for another process that writes. */
const busyTimeoutMs = 3_000;

function answerTo(request: SqliteRequest): SqlAnswer {
  return 'forgetDays' in request ? forget(request) : answerToStatement(request);
}

function forget({ path, forgetDays }: SqliteForget): SqlAnswer {
  const database = new DatabaseSync(path, { timeout: busyTimeoutMs });
  try {
    return { rows: [], changes: Number(database.prepare(forgetCalls).run(`-${forgetDays} days`).changes) };
  } finally {
    database.close();
  }
}

function answerToStatement(request: SqliteStatement): SqlAnswer {
  const { path, key } = request;
  if (key === undefined && !existsSync(path)) throw new SqlError('invalid', `there is no file ${path}`);
  // Opened for writing in both cases: only so it can undo what a process left that died while it wrote.
  const database = new DatabaseSync(path, { timeout: busyTimeoutMs });
  try {
    database.exec(key === undefined ? 'PRAGMA query_only = ON' : 'PRAGMA foreign_keys = ON');
    return key === undefined ? run(database, request) : write(database, request, key);
  } finally {
    // What is not committed is undone.
    database.close();
  }
}

function write(database: DatabaseSync, request: SqliteStatement, key: string): SqlAnswer {
  database.exec(createTable);
  database.exec('BEGIN IMMEDIATE');
  const kept = database.prepare('SELECT answer FROM perdure_calls WHERE call_key = ?').get(key);
  if (kept !== undefined) return JSON.parse(String(kept['answer'])) as SqlAnswer;
  const answer = run(database, request);
  const insert = database.prepare('INSERT INTO perdure_calls (call_key, answer) VALUES (?, ?)');
  insert.run(key, JSON.stringify(answer));
  database.exec('COMMIT');
  return answer;
}

function run(database: DatabaseSync, request: SqliteStatement): SqlAnswer {
  const { statement, parameters } = request;
  const prepared = database.prepare(statement);
  // What stands behind the first statement is never looked at.
  if (/[^\s;]/.test(statement.slice(prepared.sourceSQL.length))) {
    throw new SqlError('statement', 'expected one statement, found more behind it');
  }
  prepared.setReadBigInts(true);
  const values = parameters.map(parameterOf);
  const collected = collectRows(request);
  if (prepared.columns().length === 0) {
    return { rows: [], changes: Number(prepared.run(...values).changes) };
  }
  const before = changesOf(database);
  for (const row of prepared.iterate(...values)) collected.add(rowJson(row));
  return { rows: collected.rows, changes: changesOf(database) - before };
}

function changesOf(database: DatabaseSync): number {
  return Number(database.prepare('SELECT total_changes() AS changes').get()?.['changes']);
}

/** The driver would bind whole numbers as fractions. */
function parameterOf(value: Json): SQLInputValue {
  const plain = plainParameter(value);
  if (typeof plain === 'boolean') return plain ? 1n : 0n;
  return typeof plain === 'number' && Number.isSafeInteger(plain) ? BigInt(plain) : plain;
}

function rowJson(row: Record<string, unknown>): JsonObject {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, valueJson(value)]));
}

function valueJson(value: unknown): Json {
  if (typeof value === 'bigint') return integerJson(value);
  if (typeof value === 'number') return floatJson(value);
  if (value instanceof Uint8Array) return bytesJson(value);
  return value as string | null;
}

/** By the primary result code: https://www.sqlite.org/rescode.html */
const kinds: Readonly<Record<number, SqlErrorType>> = {
  5: 'unavailable',
  6: 'unavailable',
  8: 'read-only',
  10: 'unavailable',
  13: 'unavailable',
  14: 'invalid',
  18: 'value',
  19: 'conflict',
  20: 'value',
  26: 'invalid',
};

function replyTo(request: SqliteRequest): SqliteReply {
  try {
    return { ok: true, answer: answerTo(request) };
  } catch (error) {
    if (error instanceof SqlError) return { ok: false, type: error.type, message: error.message };
    const code =
      typeof error === 'object' && error !== null && 'errcode' in error ? Number(error.errcode) : 1;
    return { ok: false, type: kinds[code & 0xff] ?? 'statement', message: reasonOf(error) };
  }
}

process.on('message', (request: SqliteRequest) => process.send?.(replyTo(request)));
// Whoever asks is gone.
process.on('disconnect', () => process.exit());
