import { lookup as resolveName } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import type { AddressGuard, Destination } from './address-guard.ts';
import { HttpSendError } from './http-send-error.ts';

/** How long a connection may take to be made, in milliseconds; the request's own deadline usually comes first. */
const connectTimeoutMs = 30_000;

/**
 * An undici agent that connects only to addresses that the guard lets through. A literal address is checked before
 * the connection is made, since Node asks no resolver for it; a name is resolved once and the connection goes to
 * exactly the answers that were checked, so that a second answer (DNS rebinding) is never used.
 */
export function createGuardedAgent(guard: AddressGuard): Agent {
  const connect: buildConnector.connector = (options, callback) => {
    const destination = {
      host: options.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: Number(options.port || (options.protocol === 'https:' ? 443 : 80)),
    };
    const range = isIP(destination.host) ? guard.refusal(destination, destination.host) : undefined;
    if (range !== undefined) {
      callback(forbidden(destination, destination.host, range), null);
      return;
    }
    buildConnector({
      allowH2: false,
      timeout: connectTimeoutMs,
      maxCachedSessions: 0,
      lookup: guardedLookup(guard, destination),
    })(options, callback);
  };
  return new Agent({
    allowH2: false,
    connect,
    // The sender's deadline covers the whole exchange, redirects included.
    headersTimeout: 0,
    bodyTimeout: 0,
    // Shorter than what servers usually grant, so that a request rarely meets a connection that is being closed.
    keepAliveTimeout: 2_000,
    keepAliveMaxTimeout: 10_000,
  });
}

function guardedLookup(guard: AddressGuard, destination: Destination): LookupFunction {
  return (hostname, options, callback) => {
    resolveName(hostname, { ...options, all: true }, (error, addresses) => {
      const first = addresses?.[0];
      if (error !== null || first === undefined) {
        callback(error ?? new Error(`${hostname} has no address`), '', 0);
        return;
      }
      const permitted = addresses.filter(({ address }) => guard.refusal(destination, address) === undefined);
      const chosen: LookupAddress | undefined = permitted[0];
      if (chosen === undefined) {
        const range = guard.refusal(destination, first.address) ?? 'unknown';
        callback(forbidden(destination, first.address, range), '', 0);
      } else if (options.all === true) {
        callback(null, permitted);
      } else {
        callback(null, chosen.address, chosen.family);
      }
    });
  };
}

function forbidden({ host, port }: Destination, address: string, range: string): HttpSendError {
  const written = host.includes(':') ? `[${host}]` : host;
  const where = host === address ? `${written} is` : `${written} leads to ${address}, which is`;
  return new HttpSendError(
    'forbidden-address',
    `${where} not a public address (${range}); to let definitions call it, add "${written}:${port}" to ` +
      'outgoing.allow in temporal-config.yaml or to PERDURE_OUTGOING_ALLOW',
  );
}
