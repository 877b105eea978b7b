import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Json } from '../dsl/json.ts';

/** One request as the partner got it. */
export interface PartnerRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Parsed where it is JSON, else the text; null where there was none. */
  readonly body: Json;
}

/** What the partner answers: 200 and an empty object unless told. */
export interface PartnerReply {
  readonly status?: number;
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
  readonly delayMs?: number;
  /** Closes the connection instead of answering. */
  readonly hangUp?: boolean;
}

/** One reply for all, replies in turn of which the last stays, or a function of the request. */
export type PartnerRoute =
  | PartnerReply
  | readonly PartnerReply[]
  | ((request: PartnerRequest) => PartnerReply | Promise<PartnerReply>);

/** An HTTP service that answers as a test tells it and remembers what it was asked. */
export interface Partner {
  /** Without a slash at the end. */
  readonly url: string;
  /** All requests in the order in which they came, or those of one route, written `METHOD /path`. */
  requests(route?: string): readonly PartnerRequest[];
  /** Sets what a route answers from now on. */
  answer(route: string, reply: PartnerRoute): void;
  close(): Promise<void>;
}

/** Starts a partner on a free loopback port. Routes are written `METHOD /path`; another path is answered 404. */
export async function startPartner(routes: Readonly<Record<string, PartnerRoute>>): Promise<Partner> {
  const answers = new Map(Object.entries(routes).map(([route, reply]) => [route, replier(reply)]));
  const received: PartnerRequest[] = [];

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(incoming);
    received.push(request);
    const reply = (await answers.get(routeOf(request))?.(request)) ?? { status: 404 };
    const { status = 200, body = {}, headers = {}, delayMs = 0, hangUp = false } = reply;
    if (delayMs > 0) await delay(delayMs);
    if (hangUp) response.destroy();
    else
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify(body));
  }

  const server = createServer((incoming, response) => {
    // A function of the test that throws must not look like a partner that is slow.
    handle(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The partner has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests: (route) => received.filter((request) => route === undefined || routeOf(request) === route),
    answer: (route, reply) => void answers.set(route, replier(reply)),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

type Replier = (request: PartnerRequest) => PartnerReply | Promise<PartnerReply>;

function replier(route: PartnerRoute): Replier {
  if (typeof route === 'function') return route;
  if (!isList(route)) return () => route;
  let turn = 0;
  return () => route[Math.min(turn++, route.length - 1)] ?? {};
}

function isList(route: PartnerReply | readonly PartnerReply[]): route is readonly PartnerReply[] {
  return Array.isArray(route);
}

function routeOf({ method, path }: PartnerRequest): string {
  return `${method} ${path}`;
}

async function readRequest(incoming: IncomingMessage): Promise<PartnerRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://partner');
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, value?.toString()]);
  return {
    method: incoming.method ?? 'GET',
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: Object.fromEntries(headers) as PartnerRequest['headers'],
    body: parseBody(Buffer.concat(chunks).toString('utf8')),
  };
}

function parseBody(text: string): Json {
  if (text === '') return null;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
