/** All hosts of the examples on one port: `http://127.0.0.1:PORT/RUN/HOST/PATH` is `https://HOST/PATH` of one run. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { notFound } from './site.ts';
import type { Call, Reply, Sites, Visit } from './site.ts';

/** What one run's stand-ins saw so far, in the order of arrival. */
export interface OpenSites {
  readonly calls: readonly Call[];
}

export interface Web {
  /** For other protocols on the same port. */
  readonly server: Server;
  readonly host: string;
  /** What stands before the name of a host in the URLs of a run. */
  base(run: string): string;
  open(run: string, sites: Sites): OpenSites;
  close(): Promise<void>;
}

interface OpenRun {
  readonly sites: Sites;
  readonly calls: Call[];
}

/** Starts the server. */
export async function startWeb(): Promise<Web> {
  const runs = new Map<string, OpenRun>();
  const server = createServer((request, response) => {
    void answer(runs, request).then(async ({ status = 200, body = {}, headers = {}, delayMs = 0 }) => {
      await delay(delayMs);
      const isText = typeof body === 'string';
      response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json', ...headers });
      response.end(isText ? body : JSON.stringify(body));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    server,
    host,
    base: (run) => `http://${host}/${run}`,
    open(run, sites) {
      const calls: Call[] = [];
      runs.set(run, { sites, calls });
      return { calls };
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function answer(runs: ReadonlyMap<string, OpenRun>, request: IncomingMessage): Promise<Reply> {
  const found = /^\/(?<run>[^/]+)\/(?<host>[^/?]+)(?<path>[^?]*)(?<query>.*)$/.exec(
    request.url ?? '',
  )?.groups;
  const run = runs.get(found?.run ?? '');
  if (found === undefined || run === undefined) return notFound;
  const { host = '', path = '', query = '' } = found;
  const { method = 'GET', headers } = request;
  const visit: Visit = {
    request: `${method} ${host}${path}${query}`,
    method,
    path,
    query: new URLSearchParams(query),
    headers: headers as Visit['headers'],
    body: await text(request),
  };
  run.calls.push(visit);
  try {
    return (await run.sites[host]?.(visit)) ?? notFound;
  } catch (error) {
    return { status: 500, body: String(error) };
  }
}
