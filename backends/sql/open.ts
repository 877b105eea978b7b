import { resolve } from 'node:path';
import { SqlError } from './errors.ts';
import type { SqlDatabase } from './port.ts';

/** Folders, absolute. */
export interface SqlFolders {
  /** Of local state. */
  readonly data: string;
  /** The project's. */
  readonly root: string;
}

type Open = (url: string, folders: SqlFolders) => Promise<SqlDatabase>;

const mysql: Open = async (url) => (await import('./mysql.ts')).openMysql(url);
const postgres: Open = async (url) => (await import('./postgres.ts')).openPostgres(url);

// A database's client is loaded only when its scheme is chosen.
const systems: Readonly<Record<string, Open>> = {
  postgres,
  postgresql: postgres,
  mysql,
  mariadb: mysql,
  tidb: async (url) => (await import('./mysql.ts')).openTidb(url),
  sqlite: async (url, { data, root }) => {
    const path = resolve(data, url.slice('sqlite:'.length));
    return (await import('./sqlite.ts')).openSqlite(path, root);
  },
};

/**
 * The database that `url` chooses by its scheme; a relative path of `sqlite:PATH` is inside `data`. Connects with the
 * first statement. Fails with an `invalid` {@link SqlError}.
 */
export async function openSql(url: string, folders: SqlFolders): Promise<SqlDatabase> {
  const [, scheme = ''] = /^([a-z][a-z+]*):/.exec(url) ?? [];
  const open = Object.hasOwn(systems, scheme) ? systems[scheme] : undefined;
  if (open !== undefined) return await open(url, folders);
  const known = Object.keys(systems).map((name) => `${name}:`);
  throw new SqlError('invalid', `${scheme}: is no SQL database; known: ${known.join(', ')}`);
}
