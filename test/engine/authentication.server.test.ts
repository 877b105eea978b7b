/** Credentials in executions: they reach the partner, who repeats them, and stand nowhere else. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { answerJson, startPartner } from '../../activities/partner-under-test.ts';
import type { Partner, SeenRequest } from '../../activities/partner-under-test.ts';
import { replayHistory } from '../../testing/index.ts';
import { startDefinitionService, type DefinitionService, type Ended } from './definition-service.ts';

const root = join(__dirname, '../..');

/** No one of them is part of another, nor of anything else. */
const canaries = {
  clientSecret: 'canary-client-3f9a',
  password: 'canary-password-77c1',
  token: 'canary-token-b0e2',
  refreshToken: 'canary-refresh-58dd',
  subjectToken: 'canary-subject-e41f',
};

let partner: Partner;
let service: DefinitionService;

beforeAll(async () => {
  partner = await startPartner((request, response) => {
    if (request.url.startsWith('/broken')) {
      return answerJson(response, 400, {
        error: 'invalid_client',
        error_description: JSON.stringify(request),
      });
    }
    if (request.url.endsWith('/oauth2/token')) {
      const { token: access_token, refreshToken: refresh_token } = canaries;
      return answerJson(response, 200, { access_token, refresh_token, token_type: 'Bearer', echo: request });
    }
    const { authorization } = request.headers;
    if (request.url === '/digest' && authorization === undefined) {
      return response
        .writeHead(401, { 'www-authenticate': 'Digest realm="shop", nonce="n", qop="auth"' })
        .end();
    }
    if (request.url === '/fault') return answerJson(response, 500, echoOf(request));
    return answerJson(response, 200, echoOf(request));
  });
  service = await startDefinitionService(root, [partner.host], {
    PERDURE_SECRET_CLIENT: canaries.clientSecret,
    PERDURE_SECRET_PERSON: JSON.stringify({ username: 'ada', password: canaries.password }),
    PERDURE_SECRET_SUBJECT: canaries.subjectToken,
    PERDURE_SECRET_POLICY: JSON.stringify({
      authority: `${partner.origin}/secret`,
      grant: 'password',
      username: 'ada',
      password: canaries.password,
    }),
  });
}, 120_000);
afterAll(async () => {
  await service?.close();
  await partner?.close();
});

/** The credentials in several forms, as a service may repeat them. */
function echoOf({ headers }: SeenRequest): object {
  const sent = headers.authorization ?? '';
  const forms = [sent, encodeURIComponent(sent), Buffer.from(sent.replace('Bearer ', '')).toString('base64')];
  return {
    headers,
    forms,
    [sent]: sent,
    known: Object.values(canaries).filter((canary) => sent.includes(canary)),
  };
}

const use = 'use: { secrets: [client, person, subject, policy] }';
const grantOf = (properties: string, path = ''): string =>
  `oauth2: { authority: '${partner.origin}${path}', ${properties} }`;
const client = `client: { id: shop, secret: '\${ $secrets.client }' }`;

async function calling(path: string, policy: string, more = ''): Promise<Ended> {
  const document = `${use}
do:
  - ask:
      call: http
      with:
        method: get
        output: response
        endpoint: { uri: '${partner.origin}${path}', authentication: { ${policy} } }
        ${more}
    `;
  return service.ended(await service.start(document, {}));
}

/** Everything that an execution leaves: its history with all payloads in clear, its output or error, its status. */
async function traces(ended: Ended): Promise<string> {
  const history = await service.history(ended.id);
  const payloads: string[] = [];
  JSON.stringify(history, (_key, value: unknown) => {
    if (typeof value === 'string') payloads.push(value, Buffer.from(value, 'base64').toString());
    return value;
  });
  const { attributes } = { attributes: await service.client.workflow.getHandle(ended.id).describe() };
  return [JSON.stringify(ended), ...payloads, JSON.stringify(attributes.searchAttributes)].join('\n');
}

function expectNoCanary(text: string): void {
  for (const canary of Object.values(canaries)) {
    expect(text).not.toContain(canary);
    // Wherever in a longer text it stands, base64 keeps some of these.
    for (const offset of [0, 1, 2]) {
      const middle = Buffer.from(canary.slice(offset)).toString('base64').slice(0, 16);
      expect(text).not.toContain(middle);
    }
  }
}

test.each<[string, () => [path: string, policy: string, more?: string], string]>([
  ['client credentials', () => ['/orders', grantOf(`grant: client_credentials, ${client}`)], canaries.token],
  [
    'a password',
    () => [
      '/orders',
      grantOf(`grant: password, username: ada, password: '\${ $secrets.person.password }'`, '/p'),
    ],
    canaries.token,
  ],
  [
    'an exchanged token',
    () => [
      '/orders',
      grantOf(
        `grant: 'urn:ietf:params:oauth:grant-type:token-exchange', subject: { token: '\${ $secrets.subject }', type: x }`,
        '/x',
      ),
    ],
    canaries.token,
  ],
  ['a policy in a secret', () => ['/orders', 'oauth2: { use: policy }'], canaries.token],
  [
    'the authorization in a header of its own',
    () => [
      '/orders',
      grantOf(`grant: client_credentials, ${client}`),
      `headers: { x-token: '\${ $authorization.scheme + $authorization.parameter }' }`,
    ],
    canaries.token,
  ],
  [
    'digest',
    () => ['/digest', 'digest: { use: person }'],
    createHash('md5').update('GET:/digest').digest('hex'),
  ],
])('%s', async (_name, policy, sent) => {
  partner.seen.splice(0);
  const ended = await calling(...policy());
  expect(ended.error).toBeUndefined();
  const request = partner.seen.at(-1);
  if (sent === canaries.token) expect(JSON.stringify(request)).toContain(sent);
  const authorization = request?.headers.authorization ?? '';
  expect(ended.output).toMatchObject({
    content: { headers: { authorization: expect.stringContaining('***') } },
  });
  const left = await traces(ended);
  expectNoCanary(left);
  expect(left).not.toContain(/response="([^"]+)"/.exec(authorization)?.[1] ?? authorization);
  await replayHistory(await service.history(ended.id), { root });
});

test.each<[string, () => string, object]>([
  ['/fault', () => grantOf(`grant: client_credentials, ${client}`), { status: 500 }],
  [
    '/orders',
    () => grantOf(`grant: client_credentials, ${client}`, '/broken'),
    { status: 401, detail: expect.stringContaining('invalid_client') },
  ],
])('a fault at %s', async (path, policy, error) => {
  const ended = await calling(path, policy());
  expect(ended.error).toMatchObject(error);
  expectNoCanary(await traces(ended));
});

test('an authority is a URI template, and its token is got once for all executions', async () => {
  partner.seen.splice(0);
  const document = `${use}
do:
  - ask:
      call: http
      with:
        method: get
        endpoint:
          uri: '${partner.origin}/orders'
          authentication: { oauth2: { authority: '${partner.origin}/{realm}', grant: client_credentials, ${client} } }
      output: { as: .headers.authorization }`;
  for (let time = 0; time < 2; time++) {
    const { output } = await service.ended(await service.start(document, { realm: 'shop' }));
    expect(output).toBe('Bearer ***');
  }
  expect(partner.seen.map(({ url }) => url)).toEqual(['/shop/oauth2/token', '/orders', '/orders']);
});
