import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { reasonOf, StoreError } from './errors.ts';
import type { Store } from './port.ts';

// What the settings say by default, for the message.
const defaultStoreUrl = 'sqlite:perdure.db';

/** Takes the whole URL, and the folder of local state. */
type Open = (url: string, data: string) => Promise<Store>;

// A database's client is loaded only when its scheme is chosen.
const systems: Readonly<Record<string, Open>> = {
  sqlite: async (url, data) => {
    const address = url.slice('sqlite:'.length);
    if (address === '') {
      throw new StoreError('invalid', `The store "sqlite:" names no file; write ${defaultStoreUrl}`);
    }
    const path = resolve(data, address);
    await makeFolder(dirname(path));
    const { openSqliteStore } = await import('./sqlite.ts');
    return await openSqliteStore(path);
  },
  postgres: openPostgres,
  postgresql: openPostgres,
  mysql: openMysql,
  mariadb: openMysql,
  tidb: async (url) => await (await import('./tidb.ts')).openTidbStore(url),
  mongodb: openMongo,
  'mongodb+srv': openMongo,
  cassandra: async (url) => await (await import('./cassandra.ts')).openCassandraStore(url),
};

/**
 * Opens the store that `url` chooses by its scheme: `sqlite:PATH`, where a relative path is inside the folder `data`.
 * Makes the folder if it is missing. Fails with a {@link StoreError} that says what to do.
 */
export async function openStore(url: string, data: string): Promise<Store> {
  const [, scheme = ''] = /^([a-z][a-z+]*):/.exec(url) ?? [];
  const open = Object.hasOwn(systems, scheme) ? systems[scheme] : undefined;
  if (open === undefined) {
    const known = Object.keys(systems).map((name) => `${name}:`);
    throw new StoreError(
      'invalid',
      // The rest of the URL may hold a password.
      `No store is known for ${JSON.stringify(scheme === '' ? url : `${scheme}:…`)} (setting \`store\`, PERDURE_STORE); known: ${known.join(', ')}`,
    );
  }
  return await open(url, data);
}

async function openPostgres(url: string): Promise<Store> {
  return await (await import('./postgres.ts')).openPostgresStore(url);
}

async function openMysql(url: string): Promise<Store> {
  return await (await import('./mysql.ts')).openMysqlStore(url);
}

async function openMongo(url: string): Promise<Store> {
  return await (await import('./mongodb.ts')).openMongoStore(url);
}

async function makeFolder(folder: string): Promise<void> {
  try {
    // Payloads and definitions may be confidential: only this user reads them.
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new StoreError(
      'unavailable',
      `The folder ${folder} cannot be made: ${reasonOf(error)}. Set PERDURE_DATA to a folder that this user may write to.`,
      { cause: error },
    );
  }
}
