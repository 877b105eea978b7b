/** A partner that repeats every secret that it is told, and an authority that issues tokens. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Canary } from './canary.ts';
import { echoes } from './echoes.ts';
import type { Echo } from './echoes.ts';

export interface EchoingPartner {
  readonly origin: string;
  readonly host: string;
  /** The names of the canaries that came, in any request. */
  readonly heard: ReadonlySet<string>;
  /** The bodies of the events that were published to `/sink`. */
  readonly events: readonly string[];
  close(): Promise<void>;
}

export interface IssuedTokens {
  readonly access: Canary;
  readonly refresh: Canary;
  readonly identity: Canary;
}

/** Starts it on loopback. `pages` are answered by path; `$ORIGIN` in them is the partner's own. */
export async function startEchoingPartner(
  canaries: readonly Canary[],
  issued: IssuedTokens,
  pages: Readonly<Record<string, string>>,
): Promise<EchoingPartner> {
  const heard = new Set<string>();
  const events: string[] = [];
  let origin = '';

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { url = '', headers } = request;
    const body = await text(request);
    const told = [url, ...Object.values(headers).flat().map(String), body].flatMap(readable).join('\n');
    const known = canaries.filter(
      ({ value, pieces }) => told.includes(value) || told.includes(pieces[0] ?? ''),
    );
    for (const { name } of known) heard.add(name);
    const path = url.split('?')[0] ?? '';
    const page = pages[path]?.replaceAll('$ORIGIN', origin);
    if (path === '/sink') events.push(body);
    send(response, page === undefined ? answerTo(request, body, path, known, told) : { body: [page] });
  };

  const answerTo = (
    { method = '', url = '', headers }: IncomingMessage,
    body: string,
    path: string,
    known: readonly Canary[],
    told: string,
  ): Echo => {
    // Once in a while the sink is not well, and tells everything.
    if (path === '/sink') return events.length % 2 === 1 ? { status: 503, body: [told] } : { status: 202 };
    if (path.startsWith('/.well-known/')) return inJson(discovery(origin));
    if (path === '/refusing/token') {
      return inJson({ error: 'invalid_client', error_description: `It was ${told}` }, 401);
    }
    if (path.endsWith('/token')) return inJson(tokens(issued, origin));
    if (path === '/digest' && headers.authorization === undefined) {
      return { status: 401, headers: { 'www-authenticate': 'Digest realm="shop", nonce="n", qop="auth"' } };
    }
    const style = /^\/echo\/([\w-]+)/.exec(path)?.[1] ?? 'json';
    const whole = style === 'json' ? [`${method} ${url}`, JSON.stringify(headers), body, told] : [];
    const values = known.map(({ value }) => value);
    return (
      (echoes[style] ?? echoes.json)?.([...values, ...whole].join(style === 'header' ? ' ' : '\n')) ?? {}
    );
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The partner has no port');
  const host = `127.0.0.1:${address.port}`;
  origin = `http://${host}`;
  return {
    origin,
    host,
    heard,
    events,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function send(response: ServerResponse, { status = 200, statusText, headers = {}, body = [] }: Echo): void {
  response.writeHead(status, statusText?.replaceAll(/[^\t -~\u0080-\u00ff]/g, ''), headers);
  // Each piece goes out by itself: a secret may be cut anywhere.
  for (const piece of body) response.write(piece);
  response.end();
}

function inJson(value: unknown, status = 200): Echo {
  return { status, headers: { 'content-type': 'application/json' }, body: [JSON.stringify(value)] };
}

/** A text as it came, and what it encodes. */
function readable(part: string): string[] {
  const [, basic = ''] = /^Basic (.+)$/.exec(part) ?? [];
  const decoded = [part, Buffer.from(part, 'latin1').toString(), Buffer.from(basic, 'base64').toString()];
  try {
    decoded.push(decodeURIComponent(part.replaceAll('+', ' ')));
  } catch {
    // A percent sign that stands for itself.
  }
  return [...decoded, ...jsonTexts(part)];
}

function jsonTexts(part: string): string[] {
  const found: string[] = [];
  try {
    JSON.parse(part, (key, value: unknown) => {
      found.push(key, typeof value === 'string' ? value : '');
      return value;
    });
  } catch {
    // Not JSON.
  }
  return found;
}

function discovery(origin: string): object {
  return {
    issuer: origin,
    token_endpoint: `${origin}/token`,
    introspection_endpoint: `${origin}/introspect`,
  };
}

function tokens({ access, refresh, identity }: IssuedTokens, origin: string): object {
  const claims = Buffer.from(JSON.stringify({ iss: origin, sub: identity.value })).toString('base64url');
  return {
    access_token: access.value,
    refresh_token: refresh.value,
    id_token: `e30.${claims}.c2ln`,
    token_type: 'Bearer',
  };
}
