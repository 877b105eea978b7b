import { WorkflowFault } from '../dsl/errors.ts';
import type { Json, JsonObject } from '../dsl/json.ts';
import type { CallRequest } from '../workflows/contract.ts';
import { createHttpSender } from '../network/http-sender.ts';
import { createTokens } from './authentication/tokens.ts';
import { prepareCall } from './prepare-call.ts';
import type { PreparedCall } from './prepare-call.ts';
import { createRedactor } from './secrets/redaction.ts';
import { openSecrets } from './secrets/secrets.ts';

const known: Record<string, Json> = {
  token: 'tok-of-ann',
  login: { username: 'ann', password: 'pass-word' },
};

const http = createHttpSender({ allow: [], maxRedirects: 0 });
afterAll(() => http.close());

async function prepare(
  request: Partial<CallRequest<JsonObject>>,
): Promise<PreparedCall & { readonly mask: (text: string) => string }> {
  const secrets = openSecrets({ read: (name) => known[name] }, ['token', 'login', 'missing'], '/do/0/call');
  const redactor = createRedactor(Object.values(secrets.values));
  const environment = { redactor, tokens: createTokens(http), signal: AbortSignal.timeout(1_000) };
  const call = await prepareCall(
    {
      reference: '/do/0/call',
      with: {},
      idempotencyKey: 'k',
      secrets: ['token', 'login', 'missing'],
      deferred: {},
      timeoutMs: 1_000,
      maxResponseBytes: 1_000,
      ...request,
    },
    { secrets, environment, policies: ['/endpoint/authentication'] },
  );
  return { ...call, mask: (text) => redactor.text(text) };
}

const scope = {
  rawInput: { raw: 1 },
  input: { id: 7, pair: ['a', 'b'] },
  variables: { context: { shop: 'x' }, item: 3 },
  mode: 'strict',
} as const;

describe('the arguments of a call', () => {
  it('stay as they are when nothing is deferred, even if they look like expressions', async () => {
    const call = await prepare({ with: { body: '${ $secrets.token }', n: [1] } });
    expect(call.arguments).toEqual({ body: '${ $secrets.token }', n: [1] });
    expect(call.authorization).toBeUndefined();
  });

  it('get their deferred expressions evaluated with what the task sees', async () => {
    const deferred = {
      '/headers/X-Key': 'key ${ $secrets.token }',
      '/body/0/a~1b':
        '${ {id: .id, shop: $context.shop, item: $item, same: ($input == .), user: $secrets.login.username} }',
    };
    const call = await prepare({
      with: { headers: { 'X-Key': deferred['/headers/X-Key'], A: 'b' }, body: [{ 'a/b': '' }, '${ .id }'] },
      deferred,
      scope,
    });
    expect(call.arguments).toEqual({
      headers: { 'X-Key': 'key tok-of-ann', A: 'b' },
      body: [{ 'a/b': { id: 7, shop: 'x', item: 3, same: true, user: 'ann' } }, '${ .id }'],
    });
  });

  it('see the authorization that their own policy resolves to', async () => {
    const call = await prepare({
      with: {
        endpoint: {
          uri: 'https://shop.example',
          authentication: { bearer: { token: '${ $secrets.token }' } },
        },
        headers: { 'X-Auth': '' },
      },
      deferred: {
        '/headers/X-Auth': '${ $authorization.scheme + "-" + $authorization.parameter }',
        '/endpoint/authentication/bearer/token': '${ $secrets.token }',
      },
      scope,
    });
    expect(call.authorization).toMatchObject({ scheme: 'Bearer', parameter: 'tok-of-ann' });
    expect(call.arguments.headers).toEqual({ 'X-Auth': 'Bearer-tok-of-ann' });
  });

  it('see the input that a deferred input.from gives, and URI templates do too', async () => {
    const call = await prepare({
      with: { body: '', endpoint: 'https://x.test/{raw}', document: { endpoint: null } },
      deferred: {
        '/document/endpoint': '${ "https://{raw}" }/{key}',
        '/body': '${ .key + ($input.raw | tostring) + ($secrets.login.username) }',
      },
      scope: { ...scope, input: undefined, inputFrom: '{key: $secrets.token, raw}' },
    });
    expect(call.arguments.body).toBe('tok-of-ann1ann');
    expect(call.arguments.endpoint).toBe('https://x.test/1');
    expect(call.arguments.document).toEqual({ endpoint: 'https://{raw}/tok-of-ann' });
  });

  it('hide what basic authentication makes of a secret', async () => {
    const authentication = {
      basic: { username: '${ $secrets.login.username }', password: '${ $secrets.login.password }' },
    };
    const { authorization, mask } = await prepare({
      with: { endpoint: { uri: 'https://shop.example', authentication } },
      deferred: {
        '/endpoint/authentication/basic/username': authentication.basic.username,
        '/endpoint/authentication/basic/password': authentication.basic.password,
      },
      scope,
    });
    expect(authorization?.parameter).toBe(Buffer.from('ann:pass-word').toString('base64'));
    expect(mask(`echo ${authorization?.parameter}`)).toBe('echo ***');
  });

  it('hide what an expression makes of a secret, and nothing else', async () => {
    const deferred = {
      '/a': '${ $secrets.token | explode | reverse | implode }',
      '/b': '${ {key: $secrets.token, city: "Amsterdam"} }',
      '/c': '${ if $secrets.token == "x" then "on" else "off" end }',
    };
    const { mask } = await prepare({ with: { a: '', b: '', c: '' }, deferred, scope });
    expect(mask('nna-fo-kot, Amsterdam, off')).toBe('***, Amsterdam, off');
  });

  it.each<[string, string, number, string]>([
    ['${ $secrets.missing }', 'authorization', 403, '"missing" has no value'],
    ['${ $secrets["other"] }', 'authorization', 403, 'not listed in use.secrets'],
    ['${ $secrets.token + 1 }', 'expression', 400, 'cannot be added'],
    ['${ $secrets.token + }', 'expression', 400, ''],
  ])('fault when %s cannot be evaluated', async (text, type, status, detail) => {
    const fault: unknown = await prepare({ with: { body: text }, deferred: { '/body': text }, scope }).catch(
      (error: unknown) => error,
    );
    expect(fault).toBeInstanceOf(WorkflowFault);
    expect(fault).toMatchObject({
      error: {
        type: expect.stringMatching(new RegExp(`/${type}$`)),
        status,
        instance: '/do/0/call',
        detail: expect.stringContaining(detail),
      },
    });
  });
});
