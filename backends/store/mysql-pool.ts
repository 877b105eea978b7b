import { connect } from 'node:net';
import type { PoolOptions, SslOptions } from 'mysql2';
import type { DatabaseUrl } from './database-url.ts';
import { StoreError } from './errors.ts';

/**
 * Where a server is, as MySQL's client takes it. The client checks a certificate against its own `host` alone: for
 * another name it gets a connection that is made here. Fails with an `invalid` {@link StoreError} for an address whose
 * certificate is to be checked and is given no name: the client would take one for `localhost`.
 */
export function mysqlAddress({ host, tls }: DatabaseUrl, port: number): PoolOptions {
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
