/** The stand-in of Keycloak: a certified OpenID Connect provider, with a proxy in front that sees what comes. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { Site } from './site.ts';

const realm = '/realms/fake-authority';
const tokenPath = '/protocol/openid-connect/token';
/** Where the examples expect the token endpoint when no discovery document names it. */
const otherTokenPaths = new Set(['/auth/token', '/oauth2/token']);

/** The client of documents that write it out, and the one that stands in a secret only. */
const clients = [
  ['workflow-runtime-id', 'workflow-runtime-secret'],
  ['secret-runtime-id', 'only-in-a-secret'],
] as const;

export interface Authorities {
  readonly origin: string;
  /** Makes the authority whose URL is `issuer`; gives the tokens that it issues, as they are issued. */
  open(run: string, issuer: string): readonly string[];
  close(): Promise<void>;
}

type Handle = (request: IncomingMessage, response: ServerResponse) => unknown;

/** Starts the server of the providers; each run has one of its own. */
export async function startAuthorities(): Promise<Authorities> {
  const providers = new Map<string, Handle>();
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const server = createServer((request, response) => {
    const [, run = '', path = ''] =
      /^\/([^/]+)\/keycloak\/realms\/fake-authority(.*)$/.exec(request.url ?? '') ?? [];
    const handle = providers.get(run);
    if (handle === undefined) return void response.writeHead(404).end();
    // As a framework does that mounts the provider below a path.
    Object.assign(request, { originalUrl: request.url, url: path });
    void handle(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    open(run, issuer) {
      const tokens: string[] = [];
      const provider = new Provider(issuer, {
        adapter: keptInMemory,
        clients: clients.map(([id, secret]) => ({
          client_id: id,
          client_secret: secret,
          token_endpoint_auth_method: 'client_secret_post',
          grant_types: ['client_credentials'],
          id_token_signed_response_alg: 'ES256',
          redirect_uris: [],
          response_types: [],
        })),
        jwks: { keys: [privateKey.export({ format: 'jwk' })] },
        cookies: { keys: [randomBytes(16).toString('hex')] },
        features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
        routes: { token: tokenPath },
        ttl: { ClientCredentials: 600 },
      });
      // Behind the proxy it takes its address from what that forwards.
      provider.proxy = true;
      provider.on('client_credentials.saved', (token) => void tokens.push(token.jti));
      providers.set(run, provider.callback());
      return tokens;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Where a provider keeps what it issued. */
function keptInMemory(): Adapter {
  const kept = new Map<string, AdapterPayload>();
  const unused = (): Promise<void> => Promise.reject(new Error('no client of the examples needs this'));
  return {
    upsert: (id, payload) => Promise.resolve(void kept.set(id, payload)),
    find: (id) => Promise.resolve(kept.get(id)),
    destroy: (id) => Promise.resolve(void kept.delete(id)),
    findByUserCode: unused,
    findByUid: unused,
    consume: unused,
    revokeByGrantId: unused,
  };
}

/** What a run sees of its authority. */
export function authority({
  run,
  authorities,
}: {
  readonly run: string;
  readonly authorities: Authorities;
}): Site {
  return async ({ method, path, headers, body }) => {
    const inside = path.slice(realm.length);
    const target = otherTokenPaths.has(inside) ? tokenPath : inside;
    const response = await fetch(`${authorities.origin}/${run}/keycloak${realm}${target}`, {
      method,
      headers: {
        'content-type': headers['content-type'] ?? 'application/json',
        'x-forwarded-proto': 'http',
        'x-forwarded-host': headers.host ?? '',
      },
      ...(method === 'POST' ? { body } : {}),
    });
    const type = response.headers.get('content-type') ?? 'application/json';
    return { status: response.status, body: await response.text(), headers: { 'content-type': type } };
  };
}
