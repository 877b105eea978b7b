import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import type { AddressGuard, Destination } from './address-guard.ts';
import { HttpSendError } from './http-send-error.ts';
import { forbiddenAddress, permittedAddresses } from './permitted-addresses.ts';

/** How long a connection may take to be made, in milliseconds; the request's own deadline usually comes first. */
const defaultConnectTimeoutMs = 30_000;

/**
 * An undici agent that connects only to addresses that the guard lets through. A literal address is checked before
 * the connection is made, since Node asks no resolver for it; a name is resolved once and the connection goes to
 * exactly the answers that were checked, so that a second answer (DNS rebinding) is never used.
 */
export function createGuardedAgent(guard: AddressGuard, connectTimeoutMs = defaultConnectTimeoutMs): Agent {
  const connect: buildConnector.connector = (options, callback) => {
    const destination = {
      host: options.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: Number(options.port || (options.protocol === 'https:' ? 443 : 80)),
    };
    const range = isIP(destination.host) ? guard.refusal(destination, destination.host) : undefined;
    if (range !== undefined) {
      callback(forbiddenAddress(destination, destination.host, range), null);
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

/** Resolves names for Node's sockets, to the addresses that the guard lets through. */
export function guardedLookup(guard: AddressGuard, destination: Destination): LookupFunction {
  return (hostname, options, callback) => {
    const answer = (addresses: readonly LookupAddress[]): void => {
      const permitted = permittedOrRefusal(guard, destination, addresses);
      const [chosen] = permitted instanceof HttpSendError ? [] : permitted;
      if (permitted instanceof HttpSendError) callback(permitted, '', 0);
      else if (chosen === undefined) callback(new Error(`${hostname} has no address`), '', 0);
      else if (options.all === true) callback(null, permitted);
      else callback(null, chosen.address, chosen.family);
    };
    const fail = (error: Error): void => callback(error, '', 0);
    guard.resolve(hostname).then(answer, fail);
  };
}

/** What is thrown inside of a callback ends the process. */
function permittedOrRefusal(
  ...given: Parameters<typeof permittedAddresses>
): LookupAddress[] | HttpSendError {
  try {
    return permittedAddresses(...given);
  } catch (error) {
    if (error instanceof HttpSendError) return error;
    throw error;
  }
}
