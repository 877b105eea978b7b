import { connect } from 'node:net';
import { createPool } from 'mysql2';
import type { Pool, PoolOptions, SslOptions } from 'mysql2';
import type { DatabaseUrl } from './database-url.ts';
import { StoreError } from './errors.ts';

/**
 * A pool for the database of an address, whose connections begin with a statement of settings. Fails with an `invalid`
 * {@link StoreError} where {@link mysqlAddress} does.
 */
export function createMysqlPool(
  address: DatabaseUrl,
  port: number,
  sessionSettings: string,
  more: PoolOptions = {},
): Pool {
  const { user, password, database, connections, connectTimeoutMs } = address;
  const pool = createPool({
    ...mysqlAddress(address, port),
    user,
    password,
    database: database === '' ? undefined : database,
    charset: 'utf8mb4',
    connectionLimit: connections,
    connectTimeout: connectTimeoutMs,
    enableKeepAlive: true,
    ...more,
  });
  pool.on('connection', (connection) => {
    // Goes before the statement that the connection was opened for; where it fails, that one fails too.
    connection.query(sessionSettings, (error) => error && connection.destroy());
  });
  return pool;
}

/**
 * Where a server is, as MySQL's client takes it. The client checks a certificate against its own `host` alone: for
 * another name it gets a connection that is made here. Fails with an `invalid` {@link StoreError} for an address whose
 * certificate is to be checked and is given no name: the client would take one for `localhost`.
 */
function mysqlAddress({ host, tls }: DatabaseUrl, port: number): PoolOptions {
  if (tls === undefined) return { host, port };
  const { rejectUnauthorized, servername } = tls;
  const ssl = { ...tls, verifyIdentity: rejectUnauthorized } as SslOptions;
  if (rejectUnauthorized !== true || servername === host) return { host, port, ssl };
  if (servername === undefined) {
    throw new StoreError(
      'invalid',
      "The store's URL (setting `store`, PERDURE_STORE) has an address for a host: say by tlsServerName which name its certificate has.",
    );
  }
  const stream = () => connect({ host, port, noDelay: true, keepAlive: true });
  return { host: servername, port, ssl, stream };
}
