import { connect as connectTcp, isIP, Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { AddressGuard, Destination } from './address-guard.ts';
import { guardedLookup } from './guarded-agent.ts';
import { forbiddenAddress } from './permitted-addresses.ts';

/**
 * A socket that connects to the destination, over TLS with `secure`: the server's certificate is always checked. What
 * the guard refuses ends as the socket's `error`, a HttpSendError of the kind `forbidden-address`. For clients that take
 * a socket, or a function that makes them, so that the brokers that a cluster names are checked too.
 */
export function connectGuarded(guard: AddressGuard, given: Destination, secure: boolean): Socket {
  const destination = { host: given.host.replace(/^\[(.*)\]$/, '$1'), port: given.port };
  const socket = refusedSocket(guard, destination) ?? open(guard, destination, secure);
  // Clients listen in their own time, and an error that nobody listens to ends the process.
  return socket.on('error', () => undefined);
}

/** Node asks no resolver for an address. */
function refusedSocket(guard: AddressGuard, destination: Destination): Socket | undefined {
  const { host } = destination;
  const range = isIP(host) ? guard.refusal(destination, host) : undefined;
  if (range === undefined) return undefined;
  const socket = new Socket();
  setImmediate(() => socket.destroy(forbiddenAddress(destination, host, range)));
  return socket;
}

function open(guard: AddressGuard, destination: Destination, secure: boolean): Socket {
  const { host } = destination;
  const options = { ...destination, lookup: guardedLookup(guard, destination), noDelay: true };
  return secure ? connectTls({ ...options, servername: isIP(host) ? '' : host }) : connectTcp(options);
}
