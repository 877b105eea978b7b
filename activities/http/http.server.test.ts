import { gzipSync } from 'node:zlib';
import { CancelledFailure } from '@temporalio/activity';
import { faultOf, openCalls } from '../calls-under-test.ts';
import type { CallsUnderTest } from '../calls-under-test.ts';
import { answerJson, startPartner } from '../partner-under-test.ts';
import type { Partner, SeenRequest } from '../partner-under-test.ts';

const secrets = { 'api-key': 'k3y-of-the-shop', login: { username: 'ann.smith', password: 'pa$$wörd' } };

describe('calls over HTTP', () => {
  let partner: Partner;
  let other: Partner;
  let calls: CallsUnderTest;

  const last = (of = partner): SeenRequest | undefined => of.seen.at(-1);

  beforeAll(async () => {
    other = await startPartner((request, response) => answerJson(response, 200, request.headers));
    partner = await startPartner((request, response) => {
      const [, route = '', argument = ''] = request.url.split(/[/?]/);
      switch (route) {
        case 'echo':
          response.setHeader('set-cookie', ['a=1', 'b=2']);
          return answerJson(response, 200, request);
        case 'status':
          return answerJson(response, Number(argument), { reason: 'because' });
        case 'redirect': {
          const to =
            { other: `${other.origin}/`, loop: '/redirect/loop', here: '/echo' }[argument] ?? '/echo';
          return response.writeHead(Number(argument) || 302, { location: to }).end();
        }
        case 'not-modified':
          return response.writeHead(304).end();
        case 'large':
          return response.end('x'.repeat(Number(argument)));
        case 'gzip':
          response.setHeader('content-encoding', 'gzip');
          response.setHeader('content-type', 'text/plain');
          return response.end(gzipSync('x'.repeat(Number(argument))));
        case 'drop':
          return response.writeHead(200, { 'content-length': '100' }).write('half', () => response.destroy());
        case 'silent':
          return undefined;
        default:
          return answerJson(response, 404, {});
      }
    });
    calls = await openCalls([partner.host, other.host], secrets);
  });
  afterAll(async () => {
    await calls.close();
    await partner.close();
    await other.close();
  });

  it('send what the definition says, with the key of the call', async () => {
    const content = await calls.http({
      method: 'post',
      endpoint: { uri: `${partner.origin}/echo/%C3%A4%2F1?a=%20` },
      headers: { 'X-Order': '7' },
      query: { tag: ['x', 'y z'] },
      body: { total: 12.5 },
    });
    expect(content).toMatchObject({
      method: 'POST',
      url: '/echo/%C3%A4%2F1?a=%20&tag=x&tag=y+z',
      body: '{"total":12.5}',
      headers: {
        'content-type': 'application/json',
        'x-order': '7',
        'idempotency-key': 'key-1',
        'user-agent': 'perdure/0.1.0',
      },
    });
  });

  it('give the response with both sides, in lower case, without cookies and credentials', async () => {
    const output = await calls.http({
      method: 'GET',
      endpoint: {
        uri: `${partner.origin}/echo`,
        authentication: { basic: { username: 'ann', password: 'pw' } },
      },
      output: 'response',
    });
    expect(last()?.headers.authorization).toBe(`Basic ${Buffer.from('ann:pw').toString('base64')}`);
    expect(output).toMatchObject({
      statusCode: 200,
      request: { method: 'get', uri: `${partner.origin}/echo` },
    });
    expect(Object.keys((output as { headers: object }).headers)).not.toContain('set-cookie');
    expect(Object.keys((output as { request: { headers: object } }).request.headers)).not.toContain(
      'authorization',
    );
  });

  it.each([
    [400, 'Bad Request'],
    [401, 'Unauthorized'],
    [404, 'Not Found'],
    [503, 'Service Unavailable'],
  ])('fault with communication and status %d', async (status, title) => {
    const call = calls.http({ method: 'get', endpoint: `${partner.origin}/status/${status}?token=x` });
    expect(await faultOf(call)).toEqual({
      type: 'https://open-workflow-specification.org/spec/1.0.0/errors/communication',
      status,
      title,
      instance: '/do/0/call',
      detail: `GET ${partner.origin}/status/${status} answered ${status}`,
    });
  });

  describe('and redirects', () => {
    it.each(['/redirect/here', '/redirect/307', '/not-modified'])(
      'take %s as an error unless told',
      async (path) => {
        const error = await faultOf(calls.http({ method: 'get', endpoint: partner.origin + path }));
        expect(error.type).toMatch(/\/communication$/);
        expect(error.status).toBeGreaterThanOrEqual(300);
        expect(error.status).toBeLessThan(400);
      },
    );

    it.each([
      ['301', 'GET', ''],
      ['302', 'GET', ''],
      ['303', 'GET', ''],
      ['307', 'POST', '{"a":1}'],
      ['308', 'POST', '{"a":1}'],
    ])('follow %s as %s', async (status, method, body) => {
      const endpoint = `${partner.origin}/redirect/${status}`;
      const content = await calls.http({ method: 'post', endpoint, body: { a: 1 }, redirect: true });
      expect(content).toMatchObject({ method, url: '/echo', body, headers: { 'idempotency-key': 'key-1' } });
    });

    it('give a 3xx that leads nowhere as the result', async () => {
      const call = { method: 'get', endpoint: `${partner.origin}/not-modified`, redirect: true } as const;
      expect(await calls.http({ ...call, output: 'response' })).toMatchObject({
        statusCode: 304,
        content: null,
      });
    });

    it('end after the configured number', async () => {
      const call = calls.http({ method: 'get', endpoint: `${partner.origin}/redirect/loop`, redirect: true });
      expect(await faultOf(call)).toMatchObject({
        status: 508,
        detail: expect.stringContaining('more than 3 times'),
      });
    });

    it('leave credentials behind when they go to another origin', async () => {
      const headers = await calls.http({
        method: 'get',
        endpoint: {
          uri: `${partner.origin}/redirect/other`,
          authentication: { bearer: { use: 'api-key' } },
        },
        headers: { Cookie: 'session=1', 'X-Shop': `key ${secrets['api-key']}`, 'X-Order': '7' },
        redirect: true,
      });
      expect(last()?.headers).toMatchObject({
        authorization: `Bearer ${secrets['api-key']}`,
        cookie: 'session=1',
      });
      expect(headers).toMatchObject({ 'x-order': '7', 'idempotency-key': 'key-1' });
      for (const name of ['authorization', 'cookie', 'x-shop'])
        expect(last(other)?.headers).not.toHaveProperty(name);
    });
  });

  it('fault when the answer takes too long, and end the request', async () => {
    const call = calls.http({ method: 'get', endpoint: `${partner.origin}/silent` }, { timeoutMs: 200 });
    expect(await faultOf(call)).toMatchObject({
      type: expect.stringMatching(/\/timeout$/),
      status: 408,
      detail: `GET ${partner.origin}/silent gave no complete answer within 200 ms`,
    });
  });

  it.each(['/large/100001', '/gzip/100001'])('fault when the answer is too large: %s', async (path) => {
    expect(await faultOf(calls.http({ method: 'get', endpoint: partner.origin + path }))).toMatchObject({
      type: expect.stringMatching(/\/runtime$/),
      status: 413,
      detail: `GET ${partner.origin}${path} answered with more than 100000 bytes (limits.payloadBytes)`,
    });
  });

  it('fault when the answer fits and its output does not', async () => {
    const call = calls.http({ method: 'get', endpoint: `${partner.origin}/large/90000`, output: 'raw' });
    expect(await faultOf(call)).toMatchObject({
      status: 413,
      detail: expect.stringContaining('120002 bytes as JSON'),
    });
  });

  it('read an answer that was compressed without being asked', async () => {
    expect(await calls.http({ method: 'get', endpoint: `${partner.origin}/gzip/5` })).toBe('xxxxx');
  });

  it.each([
    ['a connection that ends half way', () => `${partner.origin}/drop`, 502],
    ['HTTP where TLS was expected', () => partner.origin.replace('http:', 'https:'), 502],
    ['a port where nobody listens', () => 'http://127.0.0.1:1/', 503],
    ['a name that does not exist', () => 'http://no-such-name.invalid/', 503],
  ])('fault with communication for %s', async (_name, endpoint, status) => {
    const open = await openCalls([partner.host, '127.0.0.1:1']);
    expect(await faultOf(open.http({ method: 'get', endpoint: endpoint() }))).toMatchObject({
      type: expect.stringMatching(/\/communication$/),
      status,
    });
    await open.close();
  });

  it.each([
    ['CONNECT', () => partner.origin, {}],
    ['GET', () => 'ftp://shop.example/', {}],
    ['GET', () => partner.origin.replace('://', '://ann:pw@'), {}],
    ['GET', () => partner.origin, { 'X-A': 'two\r\nlines' }],
    ['GET', () => partner.origin, { 'bad name': 'x' }],
    ['GET', () => partner.origin, { 'Transfer-Encoding': 'chunked' }],
  ])('fault with configuration for what cannot be sent: %s %s %j', async (method, endpoint, headers) => {
    const before = partner.seen.length;
    const error = await faultOf(calls.http({ method, endpoint: endpoint(), headers }));
    expect(error).toMatchObject({ type: expect.stringMatching(/\/configuration$/), status: 400 });
    expect(JSON.stringify(error)).not.toContain('ann:pw');
    expect(partner.seen.length).toBe(before);
  });

  describe('and secrets', () => {
    it('send them and hide them in every form of the output', async () => {
      for (const output of ['content', 'response', 'raw'] as const) {
        const result = await calls.http({
          method: 'post',
          endpoint: { uri: `${partner.origin}/echo`, authentication: { basic: { use: 'login' } } },
          headers: { 'X-Key': secrets['api-key'] },
          body: { text: `my ${secrets.login.password}` },
          output,
        });
        expect(last()?.headers).toMatchObject({
          'x-key': secrets['api-key'],
          authorization: `Basic ${Buffer.from('ann.smith:pa$$wörd').toString('base64')}`,
        });
        const shown =
          typeof result === 'string' ? Buffer.from(result, 'base64').toString() : JSON.stringify(result);
        expect(shown).toContain('***');
        for (const secret of [
          secrets['api-key'],
          'pa$$wörd',
          Buffer.from('ann.smith:pa$$wörd').toString('base64'),
        ]) {
          expect(shown).not.toContain(secret);
        }
      }
    });

    it('hide them in errors', async () => {
      const call = calls.http({
        method: 'get',
        endpoint: `${partner.origin}/status/404/${secrets['api-key']}`,
      });
      expect((await faultOf(call)).detail).toBe(`GET ${partner.origin}/status/404/*** answered 404`);
    });

    it('fault with authorization when one is missing', async () => {
      const endpoint = { uri: `${partner.origin}/echo`, authentication: { bearer: { use: 'none' } } };
      expect(await faultOf(calls.http({ method: 'get', endpoint }))).toMatchObject({
        type: expect.stringMatching(/\/authorization$/),
        status: 403,
      });
    });
  });

  it('heartbeat while they run and end when they are cancelled', async () => {
    const cancelled = await openCalls([partner.host]);
    const beats = new Promise((resolve) => cancelled.environment.once('heartbeat', resolve));
    const call = cancelled.http(
      { method: 'get', endpoint: `${partner.origin}/silent` },
      { timeoutMs: 60_000 },
    );
    const outcome = call.catch((error: unknown) => error);
    await beats;
    cancelled.environment.cancel('CANCELLED');
    expect(await outcome).toBeInstanceOf(CancelledFailure);
    await cancelled.close();
  });
});
