/**
 * The default store: one SQLite file through Node's own driver, in WAL mode, so that the processes of one machine can
 * share it (not over a network file system). Every operation is one statement and so atomic by itself; a commit is on
 * disk when it is acknowledged. The driver is synchronous: writes hold the event loop for about one disk flush, which
 * those of one turn share, and at most `busyTimeoutMs` while another process writes.
 *
 * Keys are TEXT under BINARY collation, which compares bytes of UTF-8: the port's order. U+0000 in a key is kept.
 */
import type { DatabaseSync } from 'node:sqlite';
import { insertEach } from './driver.ts';
import type { Driver, Row } from './driver.ts';
import { groupCommit } from './group-commit.ts';
import { pageRows } from './page-rows.ts';
import type { Store } from './port.ts';
import { explainSqlite, openDatabase } from './sqlite-file.ts';
import { storeOn } from './store-on.ts';

/** In SQLite's order of types every BLOB is above every TEXT. */
const aboveAllText = new Uint8Array();

/** Opens the store in the file at `path`, which is made if it is missing; its folder must exist. */
export async function openSqliteStore(path: string): Promise<Store> {
  return storeOn(createDriver(path, await openDatabase(path)));
}

function createDriver(path: string, database: DatabaseSync): Driver {
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

  async function insertRow({ key, version, text }: Row): Promise<boolean> {
    return (await commits.write(() => insert.run(key, version, text))).changes === 1;
  }

  return {
    name: path,
    writesInOrder: true,
    async get(key) {
      const found = select.get(key);
      return found && rowOf(found);
    },
    insert: insertRow,
    // They share a transaction.
    insertAll: (rows) => insertEach(rows, insertRow),
    async upsert({ key, version, text }) {
      await commits.write(() => upsert.run(key, version, text));
    },
    async update({ key, version, text }, expected) {
      return (await commits.write(() => update.run(version, text, key, expected))).changes === 1;
    },
    async remove(key) {
      await commits.write(() => remove.run(key));
    },
    async removeVersion(key, expected) {
      return (await commits.write(() => removeVersion.run(key, expected))).changes === 1;
    },
    async range({ from, to, reverse, limit, maxSize }) {
      const page = pageRows(limit, maxSize);
      const statement = reverse ? scanBackward : scanForward;
      for (const found of statement.iterate(from, to ?? aboveAllText)) {
        if (!page.take(() => rowOf(found))) break;
      }
      return page.rows();
    },
    async ping() {
      probe.get();
    },
    async close() {
      if (!database.isOpen) return;
      commits.flush();
      database.close();
    },
    explain: (cause) => explainSqlite(path, cause),
  };
}

function rowOf({ key, version, value }: Record<string, unknown>): Row {
  return { key: String(key), version: String(version), text: String(value) };
}
