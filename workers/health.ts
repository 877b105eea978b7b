import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { StartError } from '../temporal/start-error.ts';
import type { Metrics } from './metrics.ts';

export interface HealthOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** The variable of the environment that chooses the port. */
  readonly variable: string;
  readonly metrics: Metrics;
  /** What the process stands on, by name: each rejects, or throws, while that does not work. */
  readonly checks: Readonly<Record<string, () => Promise<void> | void>>;
  /** What `/healthz` tells beside that the process lives. */
  readonly state?: () => Readonly<Record<string, string>>;
  readonly logger: Logger;
}

export interface HealthServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves `/healthz`, `/readyz` and `/metrics` for a process that runs without the API. Fails with a {@link StartError}
 * when the port is in use.
 */
export async function startHealthServer(options: HealthOptions): Promise<HealthServer> {
  const { host, port, variable, metrics, checks, state, logger } = options;
  const pages: Readonly<Record<string, (response: ServerResponse) => Promise<void>>> = {
    // A process whose systems are away lives: to start it anew would not bring them back.
    '/healthz': async (response) => answer(response, 200, { status: 'ok', ...state?.() }),
    '/readyz': async (response) => {
      const results = await Promise.all(Object.entries(checks).map(runCheck));
      const isReady = results.every(([, result]) => result === 'ok');
      const status = isReady ? 'ready' : 'not ready';
      answer(response, isReady ? 200 : 503, { status, checks: Object.fromEntries(results) });
    },
    '/metrics': async (response) => {
      const text = await metrics.text();
      response.writeHead(200, { 'content-type': metrics.contentType }).end(text);
    },
  };
  async function runCheck([system, check]: [string, () => Promise<void> | void]) {
    try {
      await check();
      return [system, 'ok'] as const;
    } catch (error) {
      logger.warn({ err: error, system }, 'not ready');
      return [system, 'unavailable'] as const;
    }
  }

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
      `The port ${port} for health and metrics cannot be bound on ${host}: ${String(error)}\n` +
        `Stop what holds it, or set ${variable} to another port (0 picks a free one).`,
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

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
