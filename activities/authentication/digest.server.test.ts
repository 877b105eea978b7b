import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { faultOf, openCalls } from '../calls-under-test.ts';
import type { CallsUnderTest } from '../calls-under-test.ts';
import { answerJson, startPartner } from '../partner-under-test.ts';
import type { Partner, SeenRequest } from '../partner-under-test.ts';

const login = { username: 'ann', password: 'correct horse' };

/** Checks a digest as a server does, from the header's own fields. */
function isRight({ method, url, body, headers }: SeenRequest, algorithm: string): boolean {
  const fields = Object.fromEntries(
    [...(headers.authorization ?? '').matchAll(/([a-z]+)=(?:"([^"]*)"|([^\s,]+))/g)].map(
      ([, name = '', quoted, plain]) => [name, quoted ?? plain ?? ''],
    ),
  );
  const hash = (text: string): string =>
    createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
      .update(text)
      .digest('hex');
  const first = hash(`${login.username}:${fields.realm}:${login.password}`);
  const second = hash(fields.qop === 'auth-int' ? `${method}:${url}:${hash(body)}` : `${method}:${url}`);
  const expected = hash(`${first}:${fields.nonce}:${fields.nc}:${fields.cnonce}:${fields.qop}:${second}`);
  return fields.uri === url && fields.response === expected;
}

describe('digest authentication', () => {
  let partner: Partner;
  let other: Partner;
  let calls: CallsUnderTest;

  /** `/ALGORITHM/QOP/…`: asks for a digest, then answers with what it saw. */
  const answer = (request: SeenRequest, response: ServerResponse): void => {
    const [, algorithm = '', qop = '', behaviour] = request.url.split(/[/?]/);
    const challenge = (nonce: string, stale = ''): void => {
      const digest = `Digest realm="shop", nonce="${nonce}", qop="${qop}", algorithm=${algorithm}${stale}`;
      response.writeHead(401, { 'www-authenticate': ['Basic realm="shop"', digest] }).end();
    };
    const { authorization } = request.headers;
    if (behaviour === 'moved')
      return void response.writeHead(307, { location: `/${algorithm}/${qop}` }).end();
    if (behaviour === 'elsewhere') {
      return void response.writeHead(302, { location: `${other.origin}/${algorithm}/${qop}` }).end();
    }
    if (behaviour === 'basic') return void response.writeHead(401, { 'www-authenticate': 'Basic' }).end();
    if (authorization === undefined) return challenge('first');
    if (behaviour === 'stale' && authorization.includes('nonce="first"'))
      return challenge('fresh', ', stale=true');
    if (behaviour === 'forgetful') return challenge(`n-${partner.seen.length}`, ', stale=true');
    return isRight(request, algorithm) ? answerJson(response, 200, request) : challenge('again');
  };

  beforeAll(async () => {
    partner = await startPartner(answer);
    other = await startPartner(answer);
    calls = await openCalls([partner.host, other.host], { login, wrong: { ...login, password: 'battery' } });
  });
  beforeEach(() => {
    partner.seen.splice(0);
    other.seen.splice(0);
  });
  afterAll(async () => {
    await calls.close();
    await partner.close();
    await other.close();
  });

  const call = (path: string, secret = 'login', method = 'post', redirect = false): Promise<unknown> =>
    calls.http({
      method,
      endpoint: { uri: partner.origin + path, authentication: { digest: { use: secret } } },
      ...(method === 'post' ? { body: { sku: 'x' } } : {}),
      redirect,
    });

  it.each([
    '/MD5/auth',
    '/SHA-256/auth',
    '/SHA-256/auth-int',
    '/MD5/auth,auth-int?q=a%20b',
    '/MD5/auth/stale',
  ])('answers the challenge of %s, with the body again and the password never', async (path) => {
    expect(await call(path)).toMatchObject({ body: '{"sku":"x"}', headers: { authorization: 'Digest ***' } });
    const [bare, ...answered] = partner.seen;
    expect(bare?.headers.authorization).toBeUndefined();
    expect(answered).toHaveLength(path.endsWith('stale') ? 2 : 1);
    expect(new Set(partner.seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(JSON.stringify(partner.seen)).not.toContain(login.password);
  });

  it('follows a redirect on the same server first', async () => {
    expect(await call('/MD5/auth/moved', 'login', 'post', true)).toMatchObject({ url: '/MD5/auth' });
  });

  it('gives nothing to a server that it was redirected to', async () => {
    expect(await faultOf(call('/MD5/auth/elsewhere', 'login', 'get', true))).toMatchObject({ status: 401 });
    expect(other.seen).toHaveLength(1);
    expect(other.seen[0]?.headers.authorization).toBeUndefined();
  });

  it.each<[string, string, number]>([
    ['/MD5/auth', 'wrong', 2],
    ['/MD5/auth/basic', 'login', 1],
    ['/MD5/auth/forgetful', 'login', 3],
    ['/SHA-3/auth', 'login', 1],
  ])('gives up: %s with %s after %d requests', async (path, secret, requests) => {
    expect(await faultOf(call(path, secret))).toMatchObject({
      type: expect.stringMatching(/\/authentication$/),
      status: 401,
      detail: expect.stringContaining('answered 401 to Digest authentication'),
    });
    expect(partner.seen).toHaveLength(requests);
  });

  it('shows the scheme, and as parameter nothing yet', async () => {
    const expression = '${ $authorization.scheme + "[" + $authorization.parameter + "]" }';
    const given = calls.http(
      {
        method: 'get',
        endpoint: { uri: `${partner.origin}/MD5/auth`, authentication: { digest: { use: 'login' } } },
        headers: { 'x-scheme': '' },
      },
      {
        deferred: { '/headers/x-scheme': expression },
        scope: { rawInput: null, input: null, variables: {}, mode: 'strict' },
      },
    );
    expect(await given).toMatchObject({ headers: { 'x-scheme': 'Digest[]' } });
  });
});
