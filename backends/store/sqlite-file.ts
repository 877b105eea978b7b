/** Opens the SQLite file: its layout, its version, and what a person can do when it cannot be used. */
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';
import { StoreError, unavailable } from './errors.ts';

/** How long a statement waits for another process that writes. */
const busyTimeoutMs = 3_000;

/** "PRDU": tells Perdure's file from any other SQLite file. */
const applicationId = 0x50524455;

/** Grows with every change of the layout. */
const layoutVersion = 1;

const layout = `
  CREATE TABLE documents (key TEXT NOT NULL PRIMARY KEY, version TEXT NOT NULL, value TEXT NOT NULL) STRICT;
  PRAGMA application_id = ${applicationId};
  PRAGMA user_version = ${layoutVersion};
`;

/** Opens or makes the file. Fails with a {@link StoreError} when it is locked, broken or not Perdure's. */
export async function openDatabase(path: string): Promise<DatabaseSync> {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: busyTimeoutMs });
    await useWriteAheadLog(database);
    // An acknowledged write survives a power failure; WAL alone would lose the last ones.
    database.exec('PRAGMA synchronous = FULL');
    prepareLayout(path, database);
    return database;
  } catch (error) {
    if (database?.isOpen) database.close();
    throw error instanceof StoreError ? error : explainSqlite(path, error);
  }
}

/** A store error for an error of SQLite: which file, why, and what to do. */
export function explainSqlite(path: string, cause: unknown): StoreError {
  const code = resultCode(cause);
  const advice = adviceFor[code] ?? 'Set PERDURE_DATA to a folder on a local disk that you can write to.';
  return unavailable(path, cause, { advice, retryable: code === busy || code === locked });
}

// Primary result codes of SQLite, https://www.sqlite.org/rescode.html
const busy = 5;
const locked = 6;
const otherProgram =
  'Another program holds it: stop that program (an open sqlite3 shell, a backup, a stuck Perdure), or set PERDURE_DATA to another folder.';
const damaged =
  'The file is damaged or not a SQLite file: restore it from a backup or reset it as docs/operations/data.md says, or set PERDURE_DATA to another folder.';
const adviceFor: Readonly<Record<number, string>> = {
  [busy]: otherProgram,
  [locked]: otherProgram,
  8: 'The file or its folder is read-only: make both writable, or set PERDURE_DATA to another folder.',
  10: 'The disk failed to read or write: check it, then restore from a backup as docs/operations/data.md says.',
  11: damaged,
  13: 'The disk is full: free some space, or set PERDURE_DATA to a folder on another disk.',
  14: 'Check that the folder exists and that this user may write to it, or set PERDURE_DATA to another folder.',
  26: damaged,
};

function resultCode(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return -1;
  return Number(error.errcode) & 0xff;
}

/** The switch to WAL does not wait for other processes that open the file at the same moment: it is repeated. */
async function useWriteAheadLog(database: DatabaseSync): Promise<void> {
  const giveUpAt = performance.now() + busyTimeoutMs;
  for (;;) {
    try {
      database.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (resultCode(error) !== busy || performance.now() > giveUpAt) throw error;
      await sleep(50);
    }
  }
}

function prepareLayout(path: string, database: DatabaseSync): void {
  database.exec('BEGIN IMMEDIATE');
  const version = pragma(database, 'user_version');
  const tables = database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get();
  if (version === 0 && tables === undefined) database.exec(layout);
  else if (pragma(database, 'application_id') !== applicationId) {
    throw new StoreError(
      'unavailable',
      `${path} is a SQLite file of another program. Set \`store\` (PERDURE_STORE) to another file.`,
    );
  } else if (version > layoutVersion) {
    throw new StoreError(
      'unavailable',
      `${path} was written by a newer Perdure (layout ${version}, this one knows ${layoutVersion}). Start that version, or restore a backup from before the upgrade; docs/operations/data.md says how.`,
    );
  }
  database.exec('COMMIT');
}

function pragma(database: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}
