import { faultOf, openCalls } from '../calls-under-test.ts';
import type { CallsUnderTest } from '../calls-under-test.ts';
import { answerJson, startPartner } from '../partner-under-test.ts';
import type { Partner } from '../partner-under-test.ts';

describe('calls of OpenAPI operations', () => {
  let partner: Partner;
  let calls: CallsUnderTest;

  beforeAll(async () => {
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
    calls = await openCalls([partner.host], { token: 'tok-of-ann' });
  });
  beforeEach(() => partner.seen.splice(0));
  afterAll(async () => {
    await calls.close();
    await partner.close();
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
