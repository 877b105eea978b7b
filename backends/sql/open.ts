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

export interface SqlOptions extends SqlFolders {
  /** How long a write is remembered. */
  readonly rememberDays: number;
}

type Open = (url: string, options: SqlOptions) => Promise<SqlDatabase>;

const mysql: Open = async (url, { rememberDays }) =>
  (await import('./mysql.ts')).openMysql(url, rememberDays);
const postgres: Open = async (url, { rememberDays }) =>
  (await import('./postgres.ts')).openPostgres(url, rememberDays);

// A database's client is loaded only when its scheme is chosen.
const systems: Readonly<Record<string, Open>> = {
  postgres,
  postgresql: postgres,
  mysql,
  mariadb: mysql,
  tidb: async (url, { rememberDays }) => (await import('./mysql.ts')).openTidb(url, rememberDays),
  sqlite: async (url, { data, root, rememberDays }) => {
    const path = resolve(data, url.slice('sqlite:'.length));
    return (await import('./sqlite.ts')).openSqlite(path, root, rememberDays);
  },
};

/**
 * The database that `url` chooses by its scheme; a relative path of `sqlite:PATH` is inside `data`. Connects with the
 * first statement. Fails with an `invalid` {@link SqlError}.
 */
export async function openSql(url: string, options: SqlOptions): Promise<SqlDatabase> {
  const [, scheme = ''] = /^([a-z][a-z+]*):/.exec(url) ?? [];
  const open = Object.hasOwn(systems, scheme) ? systems[scheme] : undefined;
  if (open !== undefined) return await open(url, options);
  const known = Object.keys(systems).map((name) => `${name}:`);
  throw new SqlError('invalid', `${scheme}: is no SQL database; known: ${known.join(', ')}`);
}
