/** What goes to a token endpoint and how its tokens are used, against an authority of our own that says what it sees. */
import type { ServerResponse } from 'node:http';
import type { Json, JsonObject } from '../../dsl/json.ts';
import { faultOf, openCalls } from '../calls-under-test.ts';
import type { CallsUnderTest } from '../calls-under-test.ts';
import { answerJson, startPartner } from '../partner-under-test.ts';
import type { Partner, SeenRequest } from '../partner-under-test.ts';

const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';
const shop = { id: 'shop', secret: 'secret/of+the shop' };

let authority: Partner;
let api: Partner;
let calls: CallsUnderTest;
/** What the token endpoint answers beside a new access token, and which of its tokens the API takes. */
let answer: JsonObject;
let status: number;
let accepted: (token: string) => boolean;

beforeAll(async () => {
  authority = await startPartner(({ url }, response) => {
    if (url.endsWith('/introspect'))
      return answerJson(response, 200, { active: true, iss: 'https://id.test' });
    const issued = tokenRequests().length;
    const token = { access_token: `issued-${issued}`, token_type: 'Bearer', expires_in: 3_600 };
    answerJson(response, status, { ...token, ...answer });
  });
  api = await startPartner((request: SeenRequest, response: ServerResponse) => {
    const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
    answerJson(response, accepted(token) ? 200 : 401, { echo: [token, token.toUpperCase(), `<${token}>`] });
  });
});
beforeEach(async () => {
  calls = await openCalls([authority.host, api.host]);
  authority.seen.splice(0);
  api.seen.splice(0);
  answer = {};
  status = 200;
  accepted = () => true;
});
afterEach(() => calls.close());
afterAll(async () => {
  await authority.close();
  await api.close();
});

const tokenRequests = (): readonly SeenRequest[] =>
  authority.seen.filter(({ url }) => !url.endsWith('/introspect'));

const tokensSent = (): (string | undefined)[] =>
  api.seen.map(({ headers }) => headers.authorization?.replace('Bearer ', ''));

function ask(oauth2: JsonObject, input: Json = null): Promise<Json> {
  const policy = {
    oauth2: { authority: `${authority.origin}/realm`, grant: 'client_credentials', ...oauth2 },
  };
  const endpoint = { uri: `${api.origin}/orders`, authentication: policy as never };
  return calls.http({ method: 'post', endpoint, body: input });
}

const form = ({ body }: SeenRequest): [string, string][] => [...new URLSearchParams(body)];

it.each<[string, JsonObject, string, [string, string][]]>([
  [
    'the client by its secret',
    { client: shop },
    '/realm/oauth2/token',
    [
      ['grant_type', 'client_credentials'],
      ['client_id', 'shop'],
      ['client_secret', shop.secret],
    ],
  ],
  [
    'scopes and audiences, at an endpoint below the authority',
    {
      client: shop,
      endpoints: { token: '/auth/token?v=2' },
      scopes: ['orders', 'payments'],
      audiences: ['a', 'b'],
    },
    '/realm/auth/token?v=2',
    [
      ['grant_type', 'client_credentials'],
      ['scope', 'orders payments'],
      ['audience', 'a'],
      ['audience', 'b'],
      ['client_id', 'shop'],
      ['client_secret', shop.secret],
    ],
  ],
  [
    'a person without a client',
    { grant: 'password', username: 'ada', password: 4711 },
    '/realm/oauth2/token',
    [
      ['grant_type', 'password'],
      ['username', 'ada'],
      ['password', '4711'],
    ],
  ],
  [
    'the exchange of two tokens, from a public client',
    {
      grant: exchange,
      client: { id: 'spa', authentication: 'none' },
      subject: { token: 'of-ada', type: accessTokenType },
      actor: { token: 'of-bot', type: 'urn:ietf:params:oauth:token-type:jwt' },
    },
    '/realm/oauth2/token',
    [
      ['grant_type', exchange],
      ['subject_token', 'of-ada'],
      ['subject_token_type', accessTokenType],
      ['actor_token', 'of-bot'],
      ['actor_token_type', 'urn:ietf:params:oauth:token-type:jwt'],
      ['client_id', 'spa'],
    ],
  ],
  [
    'an assertion that was signed before',
    { client: { id: 'shop', authentication: 'private_key_jwt', assertion: 'a.b.c' } },
    '/realm/oauth2/token',
    [
      ['grant_type', 'client_credentials'],
      ['client_id', 'shop'],
      ['client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'],
      ['client_assertion', 'a.b.c'],
    ],
  ],
])('asks for a token with %s', async (_name, policy, url, parameters) => {
  await ask(policy);
  const [request] = tokenRequests();
  expect(request).toMatchObject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
  });
  expect(request && form(request)).toEqual(parameters);
  expect(tokensSent()).toEqual(['issued-1']);
});

it('encodes id and secret before it sends them as basic authentication (RFC 6749, 2.3.1)', async () => {
  await ask({ client: { ...shop, authentication: 'client_secret_basic' } });
  const [request] = tokenRequests();
  expect(request?.headers.authorization).toBe(
    `Basic ${Buffer.from('shop:secret%2Fof%2Bthe+shop').toString('base64')}`,
  );
  expect(request && form(request)).toEqual([['grant_type', 'client_credentials']]);
});

it('sends JSON where the policy says so', async () => {
  await ask({ client: shop, audiences: ['a', 'b'], request: { encoding: 'application/json' } });
  expect(tokenRequests()[0]?.headers['content-type']).toBe('application/json');
  expect(JSON.parse(tokenRequests()[0]?.body ?? '')).toEqual({
    grant_type: 'client_credentials',
    audience: ['a', 'b'],
    client_id: 'shop',
    client_secret: shop.secret,
  });
});

describe('a token', () => {
  it('is asked for once by calls at the same time and after one another, and once more by another policy', async () => {
    await Promise.all([1, 2, 3].map(() => ask({ client: shop })));
    await ask({ client: shop });
    await ask({ client: shop, scopes: ['more'] });
    expect(tokensSent()).toEqual([...Array<string>(4).fill('issued-1'), 'issued-2']);
  });

  it('is not used past its time', async () => {
    answer = { expires_in: '0' };
    await ask({ client: shop });
    await ask({ client: shop });
    expect(tokensSent()).toEqual(['issued-1', 'issued-2']);
  });

  it('is got anew, once, when it is refused, with the same key and body', async () => {
    accepted = (token) => token === 'issued-2';
    await ask({ client: shop }, { sku: 'x' });
    await ask({ client: shop }, { sku: 'x' });
    expect(tokensSent()).toEqual(['issued-1', 'issued-2', 'issued-2']);
    expect(new Set(api.seen.map(({ body, headers }) => body + String(headers['idempotency-key']))).size).toBe(
      1,
    );
  });

  it('that is refused twice faults the call', async () => {
    accepted = () => false;
    expect(await faultOf(ask({ client: shop }))).toMatchObject({
      type: expect.stringMatching(/\/authentication$/),
      status: 401,
      detail: `POST ${api.origin}/orders answered 401 to Bearer authentication`,
    });
    expect(tokensSent()).toEqual(['issued-1', 'issued-2']);
  });

  it('comes from the refresh token that the last answer brought', async () => {
    answer = { expires_in: 0, refresh_token: 'second' };
    const subject = { token: 'first', type: 'urn:ietf:params:oauth:token-type:refresh_token' };
    for (let call = 0; call < 2; call++) await ask({ grant: 'refresh_token', client: shop, subject });
    const sent = tokenRequests().map(({ body }) => new URLSearchParams(body).get('refresh_token'));
    expect(sent).toEqual(['first', 'second']);
  });

  it('is hidden where the service repeats it, as are all that came with it', async () => {
    answer = { access_token: 'very-secret-token', refresh_token: 'RAW', id_token: 'VERY-SECRET-TOKEN' };
    expect(await ask({ client: shop })).toEqual({ echo: ['***', '***', '<***>'] });
  });
});

describe('issuers', () => {
  const jwt = (iss: string): string =>
    ['{"alg":"none"}', JSON.stringify({ iss }), 'x']
      .map((part) => Buffer.from(part).toString('base64url'))
      .join('.');

  it.each<[string, string, string[], string | undefined]>([
    ['a JWT names', jwt('https://id.test/'), ['https://other.test', 'https://id.test'], undefined],
    ['introspection names', 'opaque', ['https://id.test'], undefined],
    ['a JWT names', jwt('https://evil.test'), ['https://id.test'], 'was issued by https://evil.test'],
    [
      'introspection names',
      'opaque',
      ['https://other.test'],
      'was issued by https://id.test; issuers allows',
    ],
  ])('are compared with the one that %s', async (_where, token, issuers, problem) => {
    answer = { access_token: token };
    const call = ask({ client: shop, issuers, endpoints: { introspection: '/introspect' } });
    if (problem === undefined) {
      expect(await call).toHaveProperty('echo');
      return;
    }
    expect(await faultOf(call)).toMatchObject({ status: 401, detail: expect.stringContaining(problem) });
    expect(api.seen).toEqual([]);
  });
});

it.each<[number, JsonObject, string, number, string]>([
  [400, { error: 'invalid_grant' }, 'authentication', 401, 'answered 400 (invalid_grant)'],
  [400, { error: 'unauthorized_client' }, 'authorization', 403, 'unauthorized_client'],
  [400, { error: 'unsupported_grant_type' }, 'configuration', 400, 'unsupported_grant_type'],
  [401, {}, 'authentication', 401, 'answered 401'],
  [403, {}, 'authorization', 403, 'answered 403'],
  [503, {}, 'communication', 503, 'answered 503'],
  [302, {}, 'communication', 502, 'answered 302'],
  [200, { access_token: null }, 'communication', 502, 'without an access token'],
  [200, { token_type: 'DPoP' }, 'authentication', 401, 'only Bearer tokens can be sent'],
  [
    400,
    { error: 'invalid_client', error_description: `${shop.secret} is wrong` },
    'authentication',
    401,
    '(invalid_client: *** is wrong)',
  ],
])('an authority that answers %d and %j: %s, %d', async (code, body, type, faultStatus, detail) => {
  [status, answer] = [code, body];
  const fault = await faultOf(ask({ client: shop }));
  expect(fault).toMatchObject({
    type: expect.stringMatching(new RegExp(`/${type}$`)),
    status: faultStatus,
    instance: '/do/0/call',
    detail: expect.stringContaining(detail),
  });
  expect(api.seen).toEqual([]);
  expect(calls.logged).toEqual([expect.objectContaining({ error: fault })]);
  // What failed is not kept.
  [status, answer] = [200, {}];
  await ask({ client: shop });
});

it.each<[JsonObject, string, string]>([
  [{}, 'configuration', 'client_credentials needs client'],
  [{ client: { id: 'shop' } }, 'configuration', 'client.secret is missing'],
  [{ client: { secret: 's' } }, 'configuration', 'client.id is missing'],
  [{ client: { id: 'a', authentication: 'private_key_jwt' } }, 'configuration', 'a JWT that you signed'],
  [{ client: { id: 'a', authentication: 'magic' } }, 'configuration', 'oauth2.client.authentication'],
  [{ client: shop, grant: 'authorization_code' }, 'configuration', 'needs a person and a browser'],
  [{ client: shop, grant: 'password', username: 'ada' }, 'configuration', 'needs username and password'],
  [{ client: shop, grant: 'refresh_token' }, 'configuration', 'needs subject'],
  [{ client: shop, authority: 'id.test' }, 'configuration', 'not an absolute http or https URL'],
  [{ client: shop, authority: 'http://127.0.0.1:1/' }, 'authorization', 'forbidden-address'],
])('a policy that cannot work: %j', async (policy, type, detail) => {
  expect(await faultOf(ask(policy))).toMatchObject({
    type: expect.stringMatching(new RegExp(`/${type}$`)),
    detail: expect.stringContaining(detail),
  });
});
