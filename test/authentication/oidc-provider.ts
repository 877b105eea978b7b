/**
 * A certified OpenID Connect provider on a free port of the loopback, for tests: `node oidc-provider.ts`. It prints one
 * line of JSON, {@link ProviderFacts}, when it listens. `GET /orders` is a service that takes its tokens.
 */
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import type { ClientMetadata } from 'oidc-provider';
import type { ProviderFacts } from './provider-process.ts';

const secret = 'secret-of-the-shop-that-is-long-enough';
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

const ways = [
  'client_secret_basic',
  'client_secret_post',
  'client_secret_jwt',
  'private_key_jwt',
  'none',
] as const;
const clients: ClientMetadata[] = ways.map((way) => ({
  client_id: way,
  token_endpoint_auth_method: way,
  grant_types: way === 'none' ? ['refresh_token'] : ['client_credentials', 'refresh_token'],
  redirect_uris: [],
  response_types: [],
  scope: 'openid offline_access orders',
  ...(way.startsWith('client_secret') ? { client_secret: secret } : {}),
  ...(way === 'private_key_jwt' ? { jwks: { keys: [publicKey.export({ format: 'jwk' })] } } : {}),
}));

const server = createServer();
server.listen(0, '127.0.0.1', () => void start());

async function start(): Promise<void> {
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  const provider = new Provider(issuer, {
    clients,
    scopes: ['openid', 'offline_access', 'orders', 'admin'],
    features: { clientCredentials: { enabled: true }, introspection: { enabled: true } },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    rotateRefreshToken: true,
    ttl: { ClientCredentials: 600, AccessToken: 600 },
  });
  const handle = provider.callback();
  server.on('request', (request, response) => {
    if (request.url !== '/orders') return void handle(request, response);
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    void Promise.all([provider.ClientCredentials.find(token), provider.AccessToken.find(token)]).then(
      ([ofClient, ofPerson]) => {
        const found = ofClient ?? ofPerson;
        const body = { client: found?.clientId, scope: found?.scope, echo: request.headers.authorization };
        response.writeHead(found === undefined ? 401 : 200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(found === undefined ? {} : body));
      },
    );
  });
  const refreshTokens = [
    await refreshToken(provider, 'client_secret_post'),
    await refreshToken(provider, 'none'),
  ];
  const facts: ProviderFacts = {
    issuer,
    secret,
    privateKey: privateKey.export({ format: 'jwk' }),
    refreshTokens,
  };
  console.log(JSON.stringify(facts));
}

/** A refresh token as a person's consent would have left it. */
async function refreshToken(provider: Provider, clientId: string): Promise<string> {
  const accountId = 'ada';
  const grant = new provider.Grant({ accountId, clientId });
  grant.addOIDCScope('openid offline_access orders');
  const client = await provider.Client.find(clientId);
  if (client === undefined) throw new Error(`no client ${clientId}`);
  const scope = 'openid offline_access orders';
  const token = new provider.RefreshToken({
    accountId,
    client,
    grantId: await grant.save(),
    scope,
    gty: 'authorization_code',
    authTime: Math.floor(Date.now() / 1_000),
    rotations: 0,
    iiat: Math.floor(Date.now() / 1_000),
  });
  return token.save();
}
