import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { isJsonObject } from '../../dsl/json.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';
import { ServiceLog } from './log.ts';
import type { LogEntry } from './log.ts';
import { openapiDocument } from './openapi.ts';
import { createShop, refused } from './shop.ts';
import type { Answer, ShopRequest } from './shop.ts';
import { requestedSimulation } from './simulation.ts';

/** Where the examples' definitions expect the services. */
export const defaultServicesPort = 7411;

/** The port that the environment names, or the default. */
export function servicesPort(environment: Readonly<Record<string, string | undefined>>): number {
  const port = Number(environment.PERDURE_EXAMPLES_PORT ?? defaultServicesPort);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new RangeError(`PERDURE_EXAMPLES_PORT must be a port, found "${environment.PERDURE_EXAMPLES_PORT}"`);
}

export interface RunningServices {
  /** Without a slash at the end. */
  readonly url: string;
  readonly log: () => readonly LogEntry[];
  readonly close: () => Promise<void>;
}

/** Starts orders, stock, payment and shipping on one loopback port; 0 picks a free one. Rejects when it is taken. */
export async function startServices(port: number): Promise<RunningServices> {
  const log = new ServiceLog();
  const services = new ShopServices(log);
  const server = createServer((request, response) => {
    services
      .handle(request)
      .catch((error: unknown) => refused(400, error instanceof Error ? error.message : String(error)))
      .then((answer) => send(response, answer))
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The services have no port');
  const url = `http://127.0.0.1:${address.port}`;
  services.url = url;
  return {
    url,
    log: () => log.entries(),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

class ShopServices {
  url = '';
  readonly #log: ServiceLog;
  readonly #operations = createShop();
  readonly #answers = new Map<string, Answer>();
  readonly #attempts = new Map<string, number>();

  constructor(log: ServiceLog) {
    this.#log = log;
  }

  async handle(request: IncomingMessage): Promise<Answer> {
    const method = request.method ?? 'GET';
    const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://services');
    if (method === 'GET' && pathname === '/log')
      return plain(this.#log.entries().map((entry) => ({ ...entry })));
    if (method === 'GET' && pathname === '/openapi.json') return plain(openapiDocument(this.url));

    const body = await readBody(request);
    const header = request.headers['idempotency-key'];
    const key = typeof header === 'string' ? header : undefined;
    const line = { method, path: pathname, key };
    this.#log.append({ kind: 'received', ...line, body });
    const answer = await this.#answer(`${method} ${pathname}`, { path: {}, query, body }, key);
    this.#log.append({ kind: 'answered', ...line, status: answer.status, effect: answer.effect });
    return answer;
  }

  async #answer(route: string, request: ShopRequest, key: string | undefined): Promise<Answer> {
    const identity = `${route}?${request.query.toString()} ${key ?? JSON.stringify(request.body)}`;
    const attempt = (this.#attempts.get(identity) ?? 0) + 1;
    this.#attempts.set(identity, attempt);
    const simulation = requestedSimulation(request.query, request.body);
    if (simulation.delayMs > 0) await delay(simulation.delayMs);
    // A failure on purpose is not remembered: the next attempt with the same key must be able to succeed.
    if (attempt <= simulation.failures)
      return refused(simulation.status, `Failed on purpose, attempt ${attempt} of ${simulation.failures}`);
    const known = key === undefined ? undefined : this.#answers.get(identity);
    if (known !== undefined) return { ...known, effect: false };
    const answer = this.#operate(route, request);
    if (key !== undefined) this.#answers.set(identity, answer);
    return answer;
  }

  #operate(route: string, request: ShopRequest): Answer {
    for (const [pattern, operation] of Object.entries(this.#operations)) {
      const path = matchRoute(pattern, route);
      if (path !== undefined) return operation({ ...request, path });
    }
    return refused(404, `Nothing is at ${route}`);
  }
}

/** The path's values when `route` (`METHOD /path`) fits `pattern`, which may hold `{name}` segments. */
function matchRoute(pattern: string, route: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const found = route.split('/');
  if (wanted.length !== found.length) return undefined;
  const values: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = found[index] ?? '';
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name !== undefined) values[name] = decodeURIComponent(value);
    else if (segment !== value) return undefined;
  }
  return values;
}

async function readBody(request: IncomingMessage): Promise<JsonObject> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  if (text === '') return {};
  const body = JSON.parse(text) as Json;
  return isJsonObject(body) ? body : {};
}

function plain(body: Json): Answer {
  return { status: 200, body, effect: false };
}

function send(response: ServerResponse, { status, body }: Answer): void {
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
}
