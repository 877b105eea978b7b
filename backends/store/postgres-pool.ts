import { Pool } from 'pg';
import type { PoolConfig } from 'pg';
import type { DatabaseUrl } from './database-url.ts';

/** A pool for the database of an address. */
export function createPostgresPool(address: DatabaseUrl, more: PoolConfig = {}): Pool {
  const { host, port, user, password, database, tls, connections, connectTimeoutMs } = address;
  const pool = new Pool({
    host,
    port,
    user,
    password,
    database: database === '' ? undefined : database,
    ssl: tls ?? false,
    max: connections,
    application_name: 'perdure',
    keepAlive: true,
    connectionTimeoutMillis: connectTimeoutMs,
    ...more,
  });
  // A connection that breaks fails the statement on it, if there is one: the event beside it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}
