import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { StartError } from '../temporal/start-error.ts';
import type { Metrics } from './metrics.ts';

export interface HealthOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly metrics: Metrics;
  /** Rejects while the worker cannot work. */
  readonly ready: () => Promise<void>;
  readonly logger: Logger;
}

export interface HealthServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves `/healthz`, `/readyz` and `/metrics` for a worker that runs without the API. Fails with a {@link StartError}
 * when the port is in use.
 */
export async function startHealthServer(options: HealthOptions): Promise<HealthServer> {
  const { host, port, metrics, ready, logger } = options;
  const pages: Readonly<Record<string, (response: ServerResponse) => Promise<void>>> = {
    '/healthz': async (response) => answer(response, 200, { status: 'ok' }),
    '/readyz': async (response) => {
      try {
        await ready();
        answer(response, 200, { status: 'ready' });
      } catch (error) {
        logger.warn({ err: error }, 'not ready');
        answer(response, 503, { status: 'not ready' });
      }
    },
    '/metrics': async (response) => {
      const text = await metrics.text();
      response.writeHead(200, { 'content-type': metrics.contentType }).end(text);
    },
  };
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
    if (page === undefined) return answer(response, 404, { status: 'not found' });
    page(response).catch((error: unknown) => {
      logger.error({ err: error, path }, 'page failed');
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  }).catch((error: unknown) => {
    throw new StartError(
      `The worker's port ${port} for health and metrics cannot be bound on ${host}: ${String(error)}\n` +
        'Stop what holds it, or set PERDURE_WORKER_PORT to another port (0 picks a free one).',
    );
  });
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(response: ServerResponse, status: number, body: { readonly status: string }): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
