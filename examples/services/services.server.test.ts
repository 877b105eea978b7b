import { startServices } from './server.ts';
import type { RunningServices } from './server.ts';

let services: RunningServices;

beforeEach(async () => {
  services = await startServices(0);
});

afterEach(() => services.close());

async function post(path: string, key: string, body: object): Promise<{ status: number; body: unknown }> {
  const response = await fetch(services.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

async function available(sku: string): Promise<unknown> {
  const response = await fetch(`${services.url}/stock/${sku}`);
  return ((await response.json()) as { available: unknown }).available;
}

test('a repeated key is answered the same and changes nothing, and the log shows both', async () => {
  const body = { orderId: 'o', items: [{ sku: 'whisk', quantity: 2 }] };
  const first = await post('/stock/reservations', 'k', body);
  expect(await post('/stock/reservations', 'k', body)).toEqual(first);
  expect(await available('whisk')).toBe(1);
  const lines = services.log().filter(({ key }) => key === 'k');
  expect(lines.map(({ kind, effect }) => [kind, effect])).toEqual([
    ['received', undefined],
    ['answered', true],
    ['received', undefined],
    ['answered', false],
  ]);
});

test('failures on purpose end after as many attempts as asked for', async () => {
  const body = { orderId: 'o', amount: 5, simulate: { failures: 2 } };
  const statuses = [];
  for (let attempt = 0; attempt < 3; attempt++)
    statuses.push((await post('/payment/charges', 'k', body)).status);
  expect(statuses).toEqual([503, 503, 201]);
});

test.each([
  ['/payment/charges', { orderId: 'o', card: 'declined' }, 402],
  ['/stock/reservations', { orderId: 'o', items: [{ sku: 'whisk', quantity: 9 }] }, 409],
  ['/stock/reservations', { orderId: 'o', items: 'all' }, 400],
  ['/shipping/shipments', { orderId: 'o', country: 'AQ' }, 422],
  ['/moon', {}, 404],
])('POST %s of %j is refused with %d', async (path, body, status) => {
  expect((await post(path, 'k', body)).status).toBe(status);
});

test('what was reserved is available again after its release', async () => {
  await post('/stock/reservations', 'a', { orderId: 'o', items: [{ sku: 'whisk', quantity: 3 }] });
  expect(await available('whisk')).toBe(0);
  expect((await post('/stock/releases', 'b', { orderId: 'o' })).body).toEqual({ released: true });
  expect(await available('whisk')).toBe(3);
});

test('the OpenAPI document names the server that it came from, and every path it names exists', async () => {
  const response = await fetch(`${services.url}/openapi.json`);
  const document = (await response.json()) as {
    servers: { url: string }[];
    paths: Record<string, Record<string, unknown>>;
  };
  expect(document.servers).toEqual([{ url: services.url }]);
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const method of Object.keys(operations)) {
      const url = services.url + path.replace('{sku}', 'teapot').replace('{orderId}', 'none');
      const body = method === 'post' ? '{}' : undefined;
      const detail = await (await fetch(url, { method: method.toUpperCase(), body })).text();
      expect(detail).not.toContain('Nothing is at');
    }
  }
});
