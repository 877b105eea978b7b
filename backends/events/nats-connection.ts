import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import type { BrokerUrl, TlsFiles } from './broker-url.ts';

export interface NatsSettings {
  readonly url: BrokerUrl;
  /** For errors and logs. */
  readonly place: string;
  readonly stream: string;
  /** Of a stream that does not exist yet, as are `replicas` and `maxBytes`. */
  readonly lanes: number;
  readonly replicas: number;
  /** As much as the server allows, where it is undefined. */
  readonly maxBytes: number | undefined;
  readonly tls?: TlsFiles;
  /** What a file of credentials holds: a user's JWT and its key. */
  readonly credentials?: Uint8Array;
}

/** How long the server may take to take note of our last words, in milliseconds. */
const goodbyeMs = 3_000;

/** The file that `creds` names. Throws a TypeError where it cannot be read or another login is there, too. */
export async function readCredentials({ parameters, username }: BrokerUrl): Promise<Uint8Array | undefined> {
  const path = parameters.get('creds');
  if (path === undefined) return undefined;
  if (username !== undefined) throw new TypeError('events: creds and a user in the URL exclude each other');
  return await readFile(path).catch((error: unknown) => {
    throw new TypeError(`events: the file of creds cannot be read: ${String(error)}`);
  });
}

/** A connection to one of the servers, which is not made again when it ends. */
export async function connectNats({ url, tls, credentials }: NatsSettings): Promise<NatsConnection> {
  const { connect, credsAuthenticator } = await import('@nats-io/transport-node');
  const { username, password } = url;
  const login = password === undefined ? { token: username } : { user: username, pass: password };
  return await connect({
    name: 'perdure',
    servers: url.brokers.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`),
    ...(username === undefined ? {} : login),
    ...(credentials === undefined ? {} : { authenticator: credsAuthenticator(credentials) }),
    // Without `tls` a server that offers it is still used in the clear; one that wants it refuses.
    tls:
      tls === undefined
        ? null
        : { ca: tls.ca?.toString(), cert: tls.cert?.toString(), key: tls.key?.toString() },
    timeout: 10_000,
    reconnect: false,
    // A server that says nothing for twice as long counts as lost.
    pingInterval: 10_000,
    maxPingOut: 2,
    noAsyncTraces: true,
  });
}

/**
 * Resolves when the server has what was said before, when the connection ends, or after 3 seconds. What the client itself
 * promises never comes when the connection ends first.
 */
export async function flushNats(connection: NatsConnection): Promise<void> {
  if (!connection.isClosed()) await within(connection.flush(), connection.closed());
}

/** Closes the connection; waits at most 3 seconds for a server that takes nothing any more. */
export async function closeNats(connection: NatsConnection): Promise<void> {
  await within(connection.close());
}

async function within(...done: readonly Promise<unknown>[]): Promise<void> {
  const timer = new AbortController();
  const late = delay(goodbyeMs, undefined, { signal: timer.signal });
  await Promise.race([...done, late]).catch(() => undefined);
  late.catch(() => undefined);
  timer.abort();
}

/** Refused credentials or rights, or a stream of the same name that is not like ours. */
export function isFinalForNats(error: unknown): boolean {
  const names: readonly unknown[] = [nameOf(error), nameOf(error instanceof Error ? error.cause : undefined)];
  return (
    error instanceof ForeignStreamError ||
    names.some((name) => name === 'AuthorizationError' || name === 'PermissionViolationError')
  );
}

/** Thrown for a stream that somebody made for something else. */
export class ForeignStreamError extends Error {
  override readonly name = 'ForeignStreamError';
}

/** The number that JetStream gives an error, such as 10059 where there is no such stream. */
export function codeOf(error: unknown): number | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined;
}

function nameOf(error: unknown): unknown {
  return error instanceof Error ? error.name : undefined;
}
