/**
 * The default store: one SQLite file through Node's own driver, in WAL mode, so that the processes of one machine can
 * share it (not over a network file system). Every operation is one statement and so atomic by itself; a commit is on
 * disk when it is acknowledged. The driver is synchronous: writes hold the event loop for about one disk flush, which
 * those of one turn share, and at most `busyTimeoutMs` while another process writes.
 *
 * Keys are TEXT under BINARY collation, which compares bytes of UTF-8: the port's order. U+0000 in a key is kept.
 */
import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Json } from '../../dsl/json.ts';
import { StoreError } from './errors.ts';
import { groupCommit } from './group-commit.ts';
import { checkKey, checkLimit, checkPrefix, cursorAfter } from './limits.ts';
import { endOfPrefix, keyOfCursor, maxPageCharacters, valueText } from './limits.ts';
import type { Page, Store, StoredDocument } from './port.ts';
import { openDatabase, unavailable } from './sqlite-file.ts';

/** In SQLite's order of types every BLOB is above every TEXT. */
const aboveAllText = new Uint8Array();

/** Opens the store in the file at `path`, which is made if it is missing; its folder must exist. */
export async function openSqliteStore(path: string): Promise<Store> {
  return createStore(path, await openDatabase(path));
}

function createStore(path: string, database: DatabaseSync): Store {
  const select = database.prepare('SELECT key, version, value FROM documents WHERE key = ?');
  const insert = database.prepare(
    'INSERT INTO documents (key, version, value) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING',
  );
  const upsert = database.prepare(
    `INSERT INTO documents (key, version, value) VALUES (?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET version = excluded.version, value = excluded.value`,
  );
  const update = database.prepare(
    'UPDATE documents SET version = ?, value = ? WHERE key = ? AND version = ?',
  );
  const remove = database.prepare('DELETE FROM documents WHERE key = ?');
  const removeVersion = database.prepare('DELETE FROM documents WHERE key = ? AND version = ?');
  const range = 'SELECT key, version, value FROM documents WHERE key >= ? AND key < ? ORDER BY key';
  const scanForward = database.prepare(range);
  const scanBackward = database.prepare(`${range} DESC`);
  const probe = database.prepare('SELECT count(*) FROM (SELECT 1 FROM documents LIMIT 1)');

  const commits = groupCommit(database);

  function refuseClosed(): void {
    if (!database.isOpen) throw new StoreError('closed', `The store ${path} is closed`);
  }

  /** Runs a read; the driver's errors come out as store errors. */
  function run<Result>(operation: () => Result): Result {
    refuseClosed();
    try {
      return operation();
    } catch (error) {
      throw error instanceof StoreError ? error : unavailable(path, error);
    }
  }

  /** The same for a write. */
  async function write<Result>(operation: () => Result): Promise<Result> {
    refuseClosed();
    try {
      return await commits.write(operation);
    } catch (error) {
      throw unavailable(path, error);
    }
  }

  return {
    async get(key) {
      checkKey(key);
      const row = run(() => select.get(key));
      return row && documentOf(row);
    },

    async put(key, value, expected) {
      checkKey(key);
      const text = valueText(key, value);
      // Random, not counted: a key that is deleted and written anew must not show an earlier version again.
      const version = randomUUID();
      const { changes } = await write(() => {
        if (expected === 'absent') return insert.run(key, version, text);
        if (expected === 'any') return upsert.run(key, version, text);
        return update.run(version, text, key, expected.version);
      });
      return changes === 1 ? version : undefined;
    },

    async delete(key, expected) {
      checkKey(key);
      if (expected === 'absent') return run(() => select.get(key)) === undefined;
      if (expected === 'any') {
        await write(() => remove.run(key));
        return true;
      }
      return (await write(() => removeVersion.run(key, expected.version))).changes === 1;
    },

    async scan(prefix, { limit, cursor, reverse = false }) {
      checkPrefix(prefix);
      checkLimit(limit);
      const after = cursor === undefined ? undefined : keyOfCursor(cursor, prefix);
      const end = endOfPrefix(prefix) ?? aboveAllText;
      // The lowest key above `after` is `after` with U+0000 behind it.
      const first = after === undefined ? prefix : `${after}\u0000`;
      return run(() => {
        const rows = reverse ? scanBackward.iterate(prefix, after ?? end) : scanForward.iterate(first, end);
        return pageOf(rows, limit);
      });
    },

    async ping() {
      run(() => probe.get());
    },

    async close() {
      if (!database.isOpen) return;
      commits.flush();
      database.close();
    },
  };
}

/** Takes rows until the page is full; one more row that is seen but not taken is the reason for a cursor. */
function pageOf(rows: Iterable<Row>, limit: number): Page {
  const documents: StoredDocument[] = [];
  let characters = 0;
  for (const row of rows) {
    const last = documents.at(-1);
    if (last !== undefined && (documents.length === limit || characters > maxPageCharacters)) {
      return { documents, cursor: cursorAfter(last.key) };
    }
    documents.push(documentOf(row));
    characters += String(row.value).length;
  }
  return { documents };
}

type Row = Record<string, unknown>;

function documentOf(row: Row): StoredDocument {
  return {
    key: String(row.key),
    version: String(row.version),
    value: JSON.parse(String(row.value)) as Json,
  };
}
