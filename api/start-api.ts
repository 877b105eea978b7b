import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rememberDefinitions } from '../backends/store/remember-definitions.ts';
import { bindAddress } from '../config/bind-address.ts';
import { createApi } from './app.ts';
import type { ApiDependencies } from './dependencies.ts';

/** How long requests in flight may take once the API closes, in milliseconds. */
const closeGraceMs = 5_000;

export interface RunningApi {
  /** Where this machine reaches the API. */
  readonly url: string;
  /** Takes no new connections, lets requests in flight finish for up to 5 s, then cuts them. Safe to repeat. */
  close(): Promise<void>;
}

/**
 * Serves the API on the configured address; without API keys that is loopback. Fails with Node's error where it cannot
 * listen: its `code` is `EADDRINUSE` when the port is taken.
 */
export async function startApi(
  dependencies: Omit<ApiDependencies, 'closing' | 'remembered'>,
): Promise<RunningApi> {
  const { settings, logger, definitions } = dependencies;
  const closing = new AbortController();
  const remembered = rememberDefinitions(definitions);
  const server = createServer(createApi({ ...dependencies, remembered, closing: closing.signal }));
  const { host, reason } = bindAddress(settings);
  const address = await listen(server, settings.api.port, host);
  const url = `http://${urlHost(host)}:${address.port}`;
  logger.info({ url }, 'API listens');
  if (reason !== undefined) logger.warn(reason);
  let closed: Promise<void> | undefined;
  return {
    url,
    close: () => {
      closed ??= drain(server, closing);
      return closed;
    },
  };
}

async function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The API does not listen on a port');
  return address;
}

function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

async function drain(server: Server, closing: AbortController): Promise<void> {
  const ended = new Promise<void>((resolve) => server.close(() => resolve()));
  closing.abort();
  // Kept-alive connections fall idle one after the other; what is still busy after the grace is cut.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const cut = setTimeout(() => server.closeAllConnections(), closeGraceMs);
  await ended;
  clearInterval(sweep);
  clearTimeout(cut);
}
