/** A definition that calls a service by its name, run by the whole service, which registers itself. */
import { join } from 'node:path';
import { openDiscovery } from '../../backends/discovery/open.ts';
import type { Discovery, Instance } from '../../backends/discovery/port.ts';
import { apiClient, type ApiClient } from '../client.ts';
import { eventually, startService, type Service } from '../service-process.ts';
import { startInstance } from './service-instance.ts';
import type { ServiceInstance } from './service-instance.ts';

const root = join(__dirname, '../..');
const ttlMs = 3_000;

/** A machine that does four things at once takes its time. */
const patienceMs = 150_000;

/** Declares the tests on the registry at `url`. */
export function definitionConformance(name: string, url: string): void {
  describe(`a definition with ${name}`, () => {
    jest.setTimeout(patienceMs);

    const shop = `shop-${process.pid}`;
    let discovery: Discovery;
    let orders: readonly ServiceInstance[];
    let service: Service;
    let client: ApiClient;
    let registered: readonly Instance[] = [];

    beforeAll(async () => {
      discovery = await openDiscovery({ url });
      discovery.watch(`${shop}-api`, {
        changed: (instances) => (registered = instances),
        lost: () => undefined,
      });
      orders = await Promise.all(
        ['a', 'b', 'c'].map((id) => startInstance(url, `${shop}.orders`, { id, ttlMs })),
      );
      service = await startService(root, {
        PERDURE_DISCOVERY: url,
        PERDURE_DISCOVERY_SERVICE: shop,
        PERDURE_OUTGOING_ALLOW: `service://${shop}.orders`,
      });
      client = apiClient(service.url);
    }, 120_000);

    afterAll(async () => {
      await service?.stop();
      await Promise.all(orders?.map((instance) => instance.kill()) ?? []);
      await discovery?.close();
    });

    test('calls healthy instances, also while one of them dies', async () => {
      const deployed = await client.deploy(`
document: { dsl: '1.0.3', namespace: ${shop}, name: by-name, version: '1.0.0' }
do:
  - read:
      call: http
      with: { method: get, endpoint: 'service://${shop}.orders/v1/items/{id}' }
      export: { as: '\${ { read: .id } }' }
  - described:
      call: openapi
      with:
        document: { endpoint: 'service://${shop}.orders/openapi.json' }
        operationId: items
      export: { as: '\${ $context + { described: .what } }' }
  - order:
      call: http
      with:
        method: post
        endpoint: '\${ "service://${shop}.orders/v1/orders" }'
        body: { item: 1 }
        output: response
      metadata: { idempotent: true }
      output: { as: '\${ $context + { ordered: .content.what, by: .request.uri } }' }
`);
      expect(deployed.status).toBe(201);
      const run = async (): Promise<string> => {
        const started = await client.start({ workflow: `${shop}/by-name`, input: { id: 'x 1' } });
        const { output, status, error } = await client.ended(started.body.id);
        expect({ status, error }).toMatchObject({ status: 'completed' });
        expect(output).toMatchObject({
          described: 'GET /v1/items',
          ordered: 'POST /v1/orders',
          by: `service://${shop}.orders/v1/orders`,
        });
        return (output as { readonly read: string }).read;
      };
      const first = await Promise.all(Array.from({ length: 10 }, run));
      expect(['a', 'b', 'c']).toEqual(expect.arrayContaining(first));
      expect(new Set(first).size).toBeGreaterThan(1);
      await orders[0]?.kill();
      const second = await Promise.all(Array.from({ length: 10 }, run));
      expect(['b', 'c']).toEqual(expect.arrayContaining(second));
      const metrics = await (await fetch(`${service.url}/metrics`)).text();
      expect(metrics).toMatch(
        new RegExp(`perdure_service_calls_total\\{service="${shop}.orders",outcome="answered"\\} [1-9]`),
      );
      expect(metrics).toContain(`perdure_service_stale{service="${shop}.orders"} 0`);
      expect(metrics).toContain(`perdure_discovery_registered{service="${shop}-api"} 1`);
    });

    test('the service that runs it is registered with what it is, and leaves when it stops', async () => {
      const [api] = await eventually('the API', () =>
        Promise.resolve(registered.length === 1 ? registered : undefined),
      );
      const { port } = new URL(service.url);
      expect(api).toMatchObject({
        host: '127.0.0.1',
        port: Number(port),
        metadata: {
          role: 'api',
          namespace: 'perdure',
          taskQueue: 'perdure',
          health: `${service.url}/readyz`,
        },
      });
      expect((await fetch(api?.metadata.health ?? '')).status).toBe(200);
      const begun = performance.now();
      const stopping = service.stop();
      await eventually('leaving', () => Promise.resolve(registered.length === 0 ? true : undefined), {
        everyMs: 20,
      });
      // It did not wait for its time to live, which is 15 seconds.
      expect(performance.now() - begun).toBeLessThan(10_000);
      await stopping;
    });
  });
}
