import { createHttpSender } from '../network/http-sender.ts';
import type { HttpSender } from '../network/http-sender.ts';
import { createServiceSender } from '../network/services/service-sender.ts';
import type { CallableInstance } from '../network/services/service-sender.ts';
import { faultOf, openCalls } from './calls-under-test.ts';
import type { CallsUnderTest } from './calls-under-test.ts';
import { answerJson, startPartner } from './partner-under-test.ts';
import type { Partner } from './partner-under-test.ts';

describe('calls of services by name', () => {
  let orders: Partner;
  let others: Partner;
  let http: HttpSender;
  let calls: CallsUnderTest;

  const responses = { 200: { description: 'all' } };
  const documents: Readonly<Record<string, unknown>> = {
    '/api/openapi.json': {
      openapi: '3.1.0',
      info: { title: 'orders', version: '1' },
      servers: [{ url: '/v1' }],
      paths: {
        '/items/{id}': {
          get: {
            operationId: 'item',
            parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
            responses,
          },
        },
        '/far': { $ref: 'service://others/paths.json#/far' },
      },
    },
    '/swagger.json': {
      swagger: '2.0',
      info: { title: 'orders', version: '1' },
      schemes: ['https'],
      basePath: '/v2',
      paths: { '/items': { get: { operationId: 'items', responses } } },
    },
    '/paths.json': { far: { get: { operationId: 'far', responses } } },
  };

  beforeAll(async () => {
    const start = (): Promise<Partner> =>
      startPartner(({ method, url, headers }, response) => {
        const document = documents[url];
        if (document !== undefined) answerJson(response, 200, document);
        else if (url === '/broken') response.destroy();
        else if (url === '/login' && headers.authorization === undefined) {
          const challenge = 'Digest realm="orders", nonce="1", qop="auth", algorithm=SHA-256';
          response.writeHead(401, { 'www-authenticate': challenge }).end();
        } else answerJson(response, 200, { asked: `${method} ${url}` });
      });
    [orders, others] = [await start(), await start()];
    const instance = ({ port }: Partner): CallableInstance => ({ id: String(port), host: '127.0.0.1', port });
    const known: Readonly<Record<string, readonly CallableInstance[]>> = {
      orders: [instance(orders)],
      others: [instance(others)],
      hidden: [instance(others)],
    };
    http = createServiceSender(createHttpSender({ allow: [], maxRedirects: 3 }), {
      directory: { instances: (service) => Promise.resolve(known[service] ?? []) },
      allowed: new Set(['orders', 'others', 'nobody']),
    });
    calls = await openCalls([], {}, { http });
  });
  afterAll(async () => {
    await calls.close();
    await http.close();
    await orders.close();
    await others.close();
  });

  it('send the path and the query, and name the service in the response', async () => {
    const call = calls.http({
      method: 'get',
      endpoint: 'service://orders/v1/items?a=1',
      query: { b: 'x y' },
      output: 'response',
    });
    expect(await call).toMatchObject({
      request: { uri: 'service://orders/v1/items?a=1&b=x+y' },
      content: { asked: 'GET /v1/items?a=1&b=x+y' },
    });
    expect(orders.seen.at(-1)?.headers.host).toBe(orders.host);
  });

  it('answer a digest challenge', async () => {
    const authentication = { digest: { username: 'ann', password: 'secret' } };
    const call = calls.http({ method: 'get', endpoint: { uri: 'service://orders/login', authentication } });
    expect(await call).toEqual({ asked: 'GET /login' });
    expect(orders.seen.at(-1)?.headers.authorization).toContain('uri="/login"');
  });

  it.each([
    ['item', '/api/openapi.json', { id: '7/8' }, 'GET /v1/items/7%2F8'],
    ['items', '/swagger.json', {}, 'GET /v2/items'],
  ])(
    'find the operation %s in the document %s of the service',
    async (operationId, path, parameters, asked) => {
      const document = { endpoint: `service://orders${path}` };
      expect(await calls.openapi({ document, operationId, parameters })).toEqual({ asked });
    },
  );

  it('give no other service what the document was fetched with', async () => {
    const authentication = { basic: { username: 'ann', password: 'secret' } };
    const document = { endpoint: { uri: 'service://orders/api/openapi.json', authentication } };
    others.seen.length = 0;
    expect(await calls.openapi({ document, operationId: 'far' })).toEqual({ asked: 'GET /v1/far' });
    expect(others.seen.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ['/paths.json', undefined],
    ]);
    const fetched = orders.seen.filter(({ url }) => url === '/api/openapi.json');
    expect(fetched.at(-1)?.headers.authorization).toMatch(/^Basic /);
  });

  it.each([
    ['service://nobody/x', 503, 'communication', 'service://nobody has no healthy instance now'],
    ['service://hidden/x', 403, 'authorization', 'add "service://hidden" there'],
    ['service://orders/broken', 502, 'communication', 'got no complete answer'],
    ['service://orders:80/x', 400, 'configuration', 'does not name a service'],
  ])('of %s fault with %d', async (endpoint, status, type, detail) => {
    const error = await faultOf(calls.http({ method: 'post', endpoint }));
    expect(error).toMatchObject({ status, detail: expect.stringContaining(detail) });
    expect(error.type).toMatch(new RegExp(`/${type}$`));
  });

  it('are refused in calls that need a host, whatever an expression gave', async () => {
    const transport = { http: { endpoint: 'service://orders/mcp' } };
    const error = await faultOf(calls.mcp({ method: 'tools/list', transport }));
    expect(error.type).toMatch(/\/configuration$/);
    expect(error.detail).toContain('service: URLs are for HTTP, OpenAPI and A2A calls');
  });
});
