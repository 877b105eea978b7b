/** Tokens of a certified OpenID Connect provider, for a service that asks the provider about each token. */
import { createPrivateKey, randomUUID, sign } from 'node:crypto';
import { startProvider } from '../../test/authentication/provider-process.ts';
import type { RunningProvider } from '../../test/authentication/provider-process.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';
import { faultOf, openCalls } from '../calls-under-test.ts';
import type { CallsUnderTest } from '../calls-under-test.ts';

let provider: RunningProvider;
let calls: CallsUnderTest;

beforeAll(async () => {
  provider = await startProvider();
  const authority = `${provider.issuer}/.well-known/openid-configuration`;
  const client = { id: 'client_secret_post', secret: provider.secret };
  calls = await openCalls([provider.host], {
    policy: { authority, grant: 'client_credentials', client, scopes: 'orders' },
  });
});
afterAll(async () => {
  await calls?.close();
  await provider?.close();
});

/** A client's assertion, signed with its private key as a person would do beforehand. */
function assertion(): string {
  const part = (value: JsonObject): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const id = 'private_key_jwt';
  const expires = Math.floor(Date.now() / 1_000) + 60;
  const claims = { iss: id, sub: id, aud: provider.issuer, exp: expires, jti: randomUUID() };
  const signed = `${part({ alg: 'RS256' })}.${part(claims)}`;
  const key = createPrivateKey({ key: provider.privateKey, format: 'jwk' });
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}

function orders(policy: JsonObject, secrets: readonly string[] = []): Promise<Json> {
  const endpoint = { uri: `${provider.issuer}/orders`, authentication: policy as never };
  return calls.http({ method: 'get', endpoint }, { secrets });
}

const oidc = (properties: JsonObject): JsonObject => ({
  oidc: { authority: provider.issuer, grant: 'client_credentials', ...properties },
});

it.each<[string, () => JsonObject]>([
  ['client_secret_basic', () => ({ secret: provider.secret })],
  ['client_secret_post', () => ({ secret: provider.secret })],
  ['client_secret_jwt', () => ({ secret: provider.secret })],
  ['private_key_jwt', () => ({ assertion: assertion() })],
])('a client authenticates by %s', async (authentication, proof) => {
  const client = { id: authentication, authentication, ...proof() };
  expect(await orders(oidc({ client, scopes: ['orders'] }))).toEqual({
    client: authentication,
    scope: 'orders',
    // The service repeats the token, which the call hides.
    echo: 'Bearer ***',
  });
});

it.each([0, 1])('a refresh token gives a token: that of client %d', async (index) => {
  const [id, secret] = index === 0 ? ['client_secret_post', provider.secret] : ['none', undefined];
  const client = { id, ...(secret === undefined ? { authentication: 'none' } : { secret }) } as JsonObject;
  const subject = {
    token: provider.refreshTokens[index] ?? '',
    type: 'urn:ietf:params:oauth:token-type:refresh_token',
  };
  expect(await orders(oidc({ grant: 'refresh_token', client, subject }))).toMatchObject({ client: id });
});

it('a secret holds a whole policy', async () => {
  // What a secret holds is hidden whatever it is: the name of the client and the scope too.
  expect(await orders({ oidc: { use: 'policy' } }, ['policy'])).toEqual({
    client: '***',
    scope: '***',
    echo: 'Bearer ***',
  });
});

it('oauth2 names the endpoint instead of discovering it', async () => {
  const client = { id: 'client_secret_post', secret: provider.secret };
  const oauth2 = {
    authority: provider.issuer,
    endpoints: { token: '/token' },
    grant: 'client_credentials',
    client,
  };
  expect(await orders({ oauth2 })).toMatchObject({ client: 'client_secret_post' });
});

it.each<[string, () => JsonObject, string, number, string]>([
  [
    'a wrong secret',
    () => oidc({ client: { id: 'client_secret_post', secret: 'wrong-secret' } }),
    'authentication',
    401,
    'answered 401 (invalid_client: client authentication failed)',
  ],
  [
    'a scope that the client may not have',
    () => oidc({ client: { id: 'client_secret_post', secret: provider.secret }, scopes: ['admin'] }),
    'authorization',
    403,
    'invalid_scope',
  ],
  [
    'an authority that calls itself something else',
    () => ({
      oidc: {
        authority: provider.issuer.replace('127.0.0.1', 'localhost'),
        grant: 'client_credentials',
        client: { id: 'x', secret: 'y' },
      },
    }),
    'authentication',
    401,
    'if that is right, add it to issuers',
  ],
])('%s', async (_name, policy, type, status, detail) => {
  expect(await faultOf(orders(policy()))).toMatchObject({
    type: expect.stringMatching(new RegExp(`/${type}$`)),
    status,
    detail: expect.stringContaining(detail),
  });
});
