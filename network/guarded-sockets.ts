import { connect as connectTcp, isIP } from 'node:net';
import type { LookupFunction, Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { AddressGuard, Destination } from './address-guard.ts';
import { guardedLookup } from './guarded-agent.ts';
import type { HttpSendError } from './http-send-error.ts';
import { forbiddenAddress } from './permitted-addresses.ts';

/**
 * A socket that connects to the destination, over TLS with `secure`: the server's certificate is always checked. What
 * the guard refuses ends as the socket's `error`, a HttpSendError of the kind `forbidden-address`. For clients that take
 * a socket, or a function that makes them, so that the brokers that a cluster names are checked too.
 */
export function connectGuarded(guard: AddressGuard, given: Destination, secure: boolean): Socket {
  const destination = { host: given.host.replace(/^\[(.*)\]$/, '$1'), port: given.port };
  const { host } = destination;
  const range = isIP(host) ? guard.refusal(destination, host) : undefined;
  const socket =
    range === undefined
      ? open(guard, destination, secure)
      : refusedSocket(forbiddenAddress(destination, host, range));
  // Clients listen in their own time, and an error that nobody listens to ends the process.
  return socket.on('error', () => undefined);
}

function open(guard: AddressGuard, destination: Destination, secure: boolean): Socket {
  const { host } = destination;
  const options = { ...destination, lookup: guardedLookup(guard, destination), noDelay: true };
  return secure ? connectTls({ ...options, servername: isIP(host) ? '' : host }) : connectTcp(options);
}

/**
 * A socket that connects to nothing and fails as one whose name does not resolve. Node asks no resolver for an address,
 * so that a name stands in its place.
 */
function refusedSocket(refusal: HttpSendError): Socket {
  const lookup: LookupFunction = (_hostname, _options, callback) => {
    setImmediate(() => callback(refusal, '', 0));
  };
  return connectTcp({ host: 'refused.invalid', port: 1, lookup });
}
