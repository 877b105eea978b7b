import { faultOf, openCalls } from '../calls-under-test.ts';
import type { CallsUnderTest } from '../calls-under-test.ts';
import { answerJson, startPartner } from '../partner-under-test.ts';
import type { Partner } from '../partner-under-test.ts';

describe('calls of OpenAPI operations', () => {
  let partner: Partner;
  let other: Partner;
  let calls: CallsUnderTest;

  beforeAll(async () => {
    other = await startPartner((request, response) =>
      answerJson(response, 200, {
        get: { operationId: 'op', summary: request.headers.authorization ?? 'none' },
      }),
    );
    partner = await startPartner((request, response) => {
      switch (request.url) {
        case '/v3.json':
          return answerJson(response, 200, {
            openapi: '3.1.0',
            servers: [{ url: 'api' }],
            paths: {
              '/orders/{id}': {
                get: { operationId: 'getOrder', parameters: [{ name: 'id', in: 'path', required: true }] },
              },
              '/orders': {
                post: { operationId: 'createOrder', requestBody: { content: { 'application/json': {} } } },
              },
            },
          });
        case '/v2.yaml':
          return response.end(
            'swagger: "2.0"\nbasePath: /api\npaths:\n  /orders:\n    get:\n      operationId: findOrders\n' +
              '      parameters:\n        - {name: status, in: query, type: array, collectionFormat: multi}\n',
          );
        case '/spread.yaml':
          return response.end(
            'openapi: 3.1.0\nservers: [{url: "{base}/api", variables: {base: {default: ..}}}]\npaths:\n' +
              '  /other: {$ref: "parts/paths.yaml#/other"}\n  /things/{id}: {$ref: "parts/paths.yaml#/things"}\n',
          );
        case '/parts/paths.yaml':
          return response.end(
            'other: {get: {operationId: other}}\nthings:\n  parameters: [{$ref: "#/shared/id"}]\n  post:\n' +
              '    operationId: thing\n    parameters: [{$ref: "../common.json#/components/parameters/a~1b"}]\n' +
              '    requestBody: {$ref: "../common.json#/components/requestBodies/Form"}\n' +
              'shared: {id: {name: id, in: path, required: true, style: matrix}}\n',
          );
        case '/common.json':
          return answerJson(response, 200, {
            components: {
              parameters: { 'a/b': { name: 'f', in: 'query', style: 'deepObject', explode: true } },
              requestBodies: { Form: { content: { 'multipart/form-data': {} } } },
            },
          });
        case '/lost.json':
          return answerJson(response, 200, {
            openapi: '3.0.0',
            paths: { '/x': { $ref: 'nowhere.json#/x' } },
          });
        case '/away.json':
          return answerJson(response, 200, {
            openapi: '3.0.0',
            paths: { '/x': { $ref: `${other.origin}/elsewhere.json` } },
          });
        case '/forbidden.json':
          return answerJson(response, 200, {
            openapi: '3.0.0',
            paths: { '/x': { $ref: 'http://169.254.169.254/latest' } },
          });
        case '/keys.json':
          return answerJson(response, 200, {
            openapi: '3.0.0',
            servers: [{ url: '/api' }],
            components: {
              securitySchemes: Object.fromEntries(
                ['header', 'query', 'cookie'].map((place) => [
                  place,
                  { type: 'apiKey', in: place, name: 'the-key' },
                ]),
              ),
            },
            paths: Object.fromEntries(
              ['header', 'query', 'cookie'].map((place) => [
                `/${place}`,
                { get: { operationId: place, security: [{ [place]: [] }] } },
              ]),
            ),
          });
        case '/moved.json':
          return response.writeHead(302, { location: '/v3.json' }).end();
        case '/private.json':
          if (request.headers.authorization !== 'Bearer reader') return answerJson(response, 401, {});
          return answerJson(response, 200, { openapi: '3.0.0', paths: {} });
        case '/broken.json':
          return response.end('{"openapi":');
        case '/silent.json':
          return undefined;
        default:
          return request.url.startsWith('/api/')
            ? answerJson(response, 200, request)
            : answerJson(response, 404, {});
      }
    });
    calls = await openCalls([partner.host, other.host], { token: 'tok-of-ann' });
  });
  beforeEach(() => partner.seen.splice(0));
  afterAll(async () => {
    await calls.close();
    await partner.close();
    await other.close();
  });

  const document = (path: string): { endpoint: string } => ({ endpoint: partner.origin + path });

  it('send what a document of 3.1 describes', async () => {
    const parameters = { sku: 'x', quantity: 2 };
    const content = await calls.openapi({
      document: document('/v3.json'),
      operationId: 'createOrder',
      parameters,
      authentication: { bearer: { use: 'token' } },
    });
    expect(content).toMatchObject({
      method: 'POST',
      url: '/api/orders',
      body: JSON.stringify(parameters),
      headers: {
        'content-type': 'application/json',
        'idempotency-key': 'key-1',
        authorization: 'Bearer ***',
      },
    });
    expect(partner.seen.at(-1)?.headers.authorization).toBe('Bearer tok-of-ann');
  });

  it('send what a document of 2.0 in YAML describes', async () => {
    const call = {
      document: document('/v2.yaml'),
      operationId: 'findOrders',
      parameters: { status: ['a', 'b'] },
    };
    expect(await calls.openapi(call)).toMatchObject({ method: 'GET', url: '/api/orders?status=a&status=b' });
  });

  it('find an operation that is spread over several documents, and fetch each of them once', async () => {
    const call = {
      document: document('/spread.yaml'),
      operationId: 'thing',
      parameters: { id: [3, 4], f: { color: 'red', size: 2 }, note: 'ä', file: { base64: '/w==' } },
    };
    for (let time = 0; time < 2; time++) {
      expect(await calls.openapi(call)).toMatchObject({
        method: 'POST',
        url: '/api/things/;id=3,4?f[color]=red&f[size]=2',
        headers: { 'content-type': expect.stringMatching(/^multipart\/form-data; boundary=/) },
        body: expect.stringContaining(
          'name="file"; filename="file"\r\nContent-Type: application/octet-stream',
        ),
      });
    }
    const documents = partner.seen.filter(({ method }) => method === 'GET').map(({ url }) => url);
    expect(documents).toEqual(['/spread.yaml', '/parts/paths.yaml', '/common.json']);
  });

  it('give the credentials of a document to its own server only', async () => {
    const authentication = { bearer: { token: 'reader' } };
    const endpoint = { uri: `${partner.origin}/away.json`, authentication };
    await calls.openapi({ document: { endpoint }, operationId: 'op' }).catch(() => undefined);
    expect(other.seen.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ['/elsewhere.json', undefined],
    ]);
  });

  it.each([
    ['header', { headers: { 'the-key': '***' } }],
    ['query', { url: '/api/query?the-key=***' }],
    ['cookie', { headers: { cookie: 'the-key=***' } }],
  ])('put the token of a bearer policy where the API key goes: %s', async (operationId, content) => {
    const result = await calls.openapi({
      document: document('/keys.json'),
      operationId,
      authentication: { bearer: { token: 'key-of-ann' } },
    });
    expect(result).toMatchObject(content);
    expect(result).not.toHaveProperty('headers.authorization');
    expect(JSON.stringify(partner.seen.at(-1))).toContain('key-of-ann');
  });

  it('fetch a document once for many calls, and follow its redirects', async () => {
    const call = { document: document('/moved.json'), operationId: 'getOrder', parameters: { id: 7 } };
    const results = await Promise.all([1, 2, 3].map(() => calls.openapi(call)));
    results.push(await calls.openapi(call));
    for (const result of results) expect(result).toMatchObject({ url: '/api/orders/7' });
    expect(partner.seen.filter(({ url }) => url === '/moved.json')).toHaveLength(1);
  });

  it('keep apart documents that were fetched with different credentials', async () => {
    const call = (token?: string): Promise<unknown> => {
      const authentication = token === undefined ? {} : { authentication: { bearer: { token } } };
      const endpoint = { uri: `${partner.origin}/private.json`, ...authentication };
      return calls.openapi({ document: { endpoint }, operationId: 'op' });
    };
    expect((await faultOf(call('reader'))).detail).toContain('no operation "op"');
    expect(await faultOf(call())).toMatchObject({
      status: 401,
      type: expect.stringMatching(/\/communication$/),
    });
  });

  it.each([
    ['/v3.json', 'getOrder', 'validation', 400, 'the required parameter "id" (path) is missing'],
    ['/v3.json', 'unknown', 'configuration', 400, 'has no operation "unknown"'],
    ['/broken.json', 'op', 'configuration', 400, 'neither JSON nor YAML'],
    ['/lost.json', 'op', 'communication', 404, '/nowhere.json answered 404'],
    ['/forbidden.json', 'op', 'authorization', 403, 'forbidden-address'],
    ['/none.json', 'op', 'communication', 404, 'answered 404'],
    ['/silent.json', 'op', 'timeout', 408, 'gave no complete answer within 300 ms'],
  ])('of %s: %s fault with %s', async (path, operationId, type, status, detail) => {
    const call = calls.openapi({ document: document(path), operationId }, { timeoutMs: 300 });
    expect(await faultOf(call)).toMatchObject({
      type: expect.stringMatching(new RegExp(`/${type}$`)),
      status,
      instance: '/do/0/call',
      detail: expect.stringContaining(detail),
    });
  });
});
