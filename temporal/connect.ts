import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import type { TLSConfig } from '@temporalio/client';
import type { Settings } from '../config/settings.ts';
import { retryWithinDeadline } from './retry-within-deadline.ts';
import { reasonOf, StartError } from './start-error.ts';

type TemporalSettings = Settings['temporal'];

/** How to reach the server, for the client's connection and for the worker's alike. */
export interface ServerAddress {
  readonly address: string;
  /** False is said outright: the SDK would turn TLS on for an API key. */
  readonly tls: TLSConfig | false;
  readonly apiKey?: string;
}

// Containers of one compose file or pod start together, in any order.
const patienceMs = 30_000;

/** Reads the certificates that the settings name. `address` is the configured server or the dev server. */
export async function serverAddress(address: string, settings: TemporalSettings): Promise<ServerAddress> {
  const { tls, apiKey } = settings;
  if (tls === undefined) return { address, apiKey, tls: false };
  const [crt, key, serverRootCACertificate] = await Promise.all([
    readPem(tls.certFile, 'TEMPORAL_TLS_CLIENT_CERT_PATH'),
    readPem(tls.keyFile, 'TEMPORAL_TLS_CLIENT_KEY_PATH'),
    readPem(tls.caFile, 'TEMPORAL_TLS_SERVER_CA_CERT_PATH'),
  ]);
  if ((crt === undefined) !== (key === undefined)) {
    throw new StartError('A client certificate for Temporal needs both files, the certificate and its key.');
  }
  return {
    address,
    apiKey,
    tls: {
      serverNameOverride: tls.serverName,
      serverRootCACertificate,
      clientCertPair: crt !== undefined && key !== undefined ? { crt, key } : undefined,
    },
  };
}

/** A connection for clients. Waits up to 30 s for a server that is still starting; then fails with what to do. */
export async function connectClient(server: ServerAddress): Promise<Connection> {
  const interceptors = [retryWithinDeadline()];
  return await patiently(server, () =>
    Connection.connect({ ...server, interceptors, connectTimeout: 5_000 }),
  );
}

/** Tries again for up to 30 s, since servers of one deployment start in any order; then says what to do. */
export async function patiently<T>({ address }: ServerAddress, connect: () => Promise<T>): Promise<T> {
  const end = Date.now() + patienceMs;
  for (;;) {
    try {
      return await connect();
    } catch (error) {
      if (Date.now() > end) {
        throw new StartError(
          `No Temporal server answers at ${address}: ${reasonOf(error)}\n` +
            'Check TEMPORAL_ADDRESS, and TLS and API key if the server wants them; ' +
            'without TEMPORAL_ADDRESS Perdure starts a dev server of its own.',
          { cause: error },
        );
      }
      await sleep(500);
    }
  }
}

async function readPem(path: string | undefined, variable: string): Promise<Buffer | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path);
  } catch (error) {
    throw new StartError(`The file that ${variable} names cannot be read: ${reasonOf(error)}`);
  }
}
