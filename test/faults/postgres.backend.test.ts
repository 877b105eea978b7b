/** The whole service while the database of its store is away, and when it comes back. */
import { join } from 'node:path';
import { apiClient } from '../client.ts';
import { serverControl } from '../servers/control.ts';
import { eventually, startService, type Service } from '../service-process.ts';
import { freshPlace } from '../stores/fresh-place.ts';

const root = join(__dirname, '../..');
const server = serverControl();
// A server that somebody named is not ours to kill.
const whenOurs = server === undefined ? test.skip : test;

const greeting = (version: string): string => `
document: { dsl: '1.0.3', namespace: away, name: greet, version: '${version}' }
do:
  - pause: { wait: { milliseconds: 200 } }
  - greet: { set: { greeting: hello } }
`;

const sleeper = `
document: { dsl: '1.0.3', namespace: away, name: sleep, version: '1.0.0' }
do:
  - pause: { wait: { hours: 1 } }
`;

let service: Service;

beforeAll(async () => {
  const { url } = await freshPlace(process.env.PERDURE_TEST_POSTGRES_URL ?? '');
  service = await startService(root, { PERDURE_STORE: url });
}, 180_000);

afterAll(async () => {
  await service.stop();
});

async function statusOf(path: string): Promise<number> {
  return (await fetch(service.url + path)).status;
}

async function readiness(): Promise<{ readonly status: number; readonly checks: unknown }> {
  const response = await fetch(`${service.url}/readyz`);
  const { checks } = (await response.json()) as { readonly checks: unknown };
  return { status: response.status, checks };
}

whenOurs(
  'what was read before and everything of Temporal is answered, /readyz tells, and all is well again by itself',
  async () => {
    const client = apiClient(service.url);
    expect((await client.deploy(greeting('1.0.0'))).status).toBe(201);
    const first = await client.start({ workflow: 'away/greet' });
    expect((await client.ended(first.body.id)).status).toBe('completed');
    expect((await client.deploy(sleeper)).status).toBe(201);
    const sleeping = (await client.start({ workflow: 'away/sleep' })).body.id;
    const operate = (name: string): Promise<{ readonly status: number }> =>
      client.post(`/v1/executions/${sleeping}/${name}`, {});

    await server?.kill();
    try {
      expect(await readiness()).toMatchObject({
        status: 503,
        checks: { temporal: 'ok', store: 'unavailable' },
      });
      expect(await statusOf('/healthz')).toBe(200);
      expect(await statusOf('/v1/definitions/away/greet')).toBe(200);
      expect(await statusOf('/v1/definitions/away/greet/versions/1.0.0')).toBe(200);
      expect(await statusOf(`/v1/executions/${first.body.id}`)).toBe(200);
      expect(await statusOf('/v1/executions')).toBe(200);
      const meanwhile = await client.start({ workflow: 'away/greet' });
      expect(meanwhile.status).toBe(202);
      expect(await client.ended(meanwhile.body.id)).toMatchObject({
        status: 'completed',
        output: { greeting: 'hello' },
      });
      // Operations on executions are Temporal's alone.
      expect(await operate('suspend')).toMatchObject({ status: 200 });
      await eventually('the suspension', async () =>
        (await client.get(sleeping)).status === 'suspended' ? true : undefined,
      );
      expect(await operate('resume')).toMatchObject({ status: 200 });
      expect(await operate('cancel')).toMatchObject({ status: 202 });
      expect(await client.ended(sleeping)).toMatchObject({ status: 'cancelled' });
      expect(await statusOf('/v1/schedules')).toBe(200);
      for (const path of ['/v1/definitions', '/v1/definitions/away/unread', '/v1/dead-letters']) {
        expect(await statusOf(path)).toBe(503);
      }
      expect(await client.start({ workflow: 'away/unread' })).toMatchObject({
        status: 503,
        body: { type: expect.stringContaining('store-unavailable') },
      });
      const event = { specversion: '1.0', id: 'a', source: '/test', type: 'away.test' };
      const publishing = await fetch(`${service.url}/v1/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/cloudevents+json' },
        body: JSON.stringify(event),
      });
      expect(publishing.status).toBe(503);
      expect(await client.deploy(greeting('2.0.0'))).toMatchObject({
        status: 503,
        body: { type: expect.stringContaining('store-unavailable') },
      });
    } finally {
      await server?.start();
    }

    await eventually('readiness', async () => ((await readiness()).status === 200 ? true : undefined), {
      details: service.output,
    });
    expect((await client.deploy(greeting('2.0.0'))).status).toBe(201);
    const last = await client.start({ workflow: 'away/greet' });
    expect(await client.ended(last.body.id)).toMatchObject({ status: 'completed', version: '2.0.0' });
  },
  180_000,
);
