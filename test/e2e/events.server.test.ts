/** Events through the service as its users run it: over HTTP, by `emit`, by the command line, and through a crash. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '../../dsl/json.ts';
import { apiClient, type ApiClient } from '../client.ts';
import { findFreePort } from '../../temporal/free-port.ts';
import { eventually, startProcess, startService, whenReady, type Service } from '../service-process.ts';

const root = join(__dirname, '../..');
let data: string;
let service: Service;
let client: ApiClient;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'perdure-events-'));
  service = await startService(root, { PERDURE_DATA: data });
  client = apiClient(service.url);
}, 120_000);

afterAll(async () => {
  await service?.stop();
  await rm(data, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function send(body: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
  const response = await fetch(`${service.url}/v1/events`, { method: 'POST', body, headers });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const structured = { 'content-type': 'application/cloudevents+json' };
const batch = { 'content-type': 'application/cloudevents-batch+json' };

const event = (id: string, type: string, payload: Json): Record<string, Json> => ({
  specversion: '1.0',
  id,
  source: 'https://shop.test',
  type,
  data: payload,
});

async function run(name: string, tasks: string): Promise<string> {
  const { status } = await client.deploy(
    `document: { dsl: '1.0.3', namespace: events, name: ${name}, version: '1.0.0' }\ndo: ${tasks}`,
  );
  expect(status).toBe(201);
  return (await client.start({ workflow: `events/${name}` })).body.id;
}

const waiting = (id: string): Promise<true> =>
  eventually(`${id} waits`, async () => ((await client.get(id)).status === 'waiting' ? true : undefined), {
    details: () => service.output(),
  });

test('an event posted in each form reaches who listens, once', async () => {
  const id = await run(
    'forms',
    `[{ hear: { listen: { to: { any: [{ with: { type: e.form } }], until: '\${ length == 4 }' } } } }]`,
  );
  await waiting(id);
  const first = await send(JSON.stringify(event('1', 'e.form', { n: 1 })), structured);
  expect(first).toMatchObject({
    status: 202,
    body: {
      events: [{ id: '1', known: false, delivered: { count: 1, executions: [id] }, started: { count: 0 } }],
    },
  });
  const again = await send(JSON.stringify(event('1', 'e.form', { n: 1 })), structured);
  expect(again).toMatchObject({ status: 202, body: { events: [{ known: true }] } });
  const binary = {
    'ce-specversion': '1.0',
    'ce-id': '2',
    'ce-source': 'https://shop.test',
    'ce-type': 'e.form',
  };
  await send('{"n":2}', { ...binary, 'content-type': 'application/json', 'ce-subject': 'gr%C3%BCn' });
  const more = [event('3', 'e.form', { n: 3 }), event('4', 'e.form', { n: 4 })];
  expect((await send(JSON.stringify(more), batch)).status).toBe(202);
  expect((await client.ended(id)).output).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }]);
  const inbox = await fetch(`${service.url}/v1/events?type=e.form`);
  const { events } = (await inbox.json()) as { readonly events: readonly Record<string, unknown>[] };
  expect(events).toHaveLength(4);
  expect(events[1]).toMatchObject({
    event: { subject: 'grün' },
    matched: true,
    consumedBy: ['events/forms'],
  });
});

test('what is no event is refused, with what is wrong', async () => {
  const wrong = await send(JSON.stringify([event('1', 'e.x', 1), { ...event('', 'e.x', 1), Bad: 1 }]), batch);
  expect(wrong).toMatchObject({
    status: 422,
    body: {
      type: 'urn:perdure:problem:invalid-event',
      errors: [{ pointer: '/1/id' }, { pointer: '/1/Bad', code: 'name' }],
    },
  });
  expect(await send('{', structured)).toMatchObject({ status: 400 });
  expect(await send('{}', { 'content-type': 'application/json' })).toMatchObject({ status: 415 });
});

test('an event that nobody wants can be seen, and waits', async () => {
  await send(JSON.stringify(event('7', 'e.nobody', null)), structured);
  const inbox = await fetch(`${service.url}/v1/events?type=e.nobody`);
  expect(await inbox.json()).toMatchObject({
    events: [
      { event: { id: '7' }, matched: false, consumedBy: [], ageSeconds: expect.any(Number) as number },
    ],
  });
});

test('what one execution emits another one hears', async () => {
  const listener = await run(
    'hears',
    `[{ hear: { listen: { to: { one: { with: { type: e.emitted } } } } } }]`,
  );
  await waiting(listener);
  const emitter = await run(
    'emits',
    `[{ tell: { emit: { event: { with: { type: e.emitted, data: { n: 42 } } } } } }]`,
  );
  expect((await client.ended(emitter)).status).toBe('completed');
  expect((await client.ended(listener)).output).toEqual([{ n: 42 }]);
});

test('the command line sends and lists events', async () => {
  const perdure = async (...args: string[]): Promise<string> => {
    const env = { ...process.env, PERDURE_URL: service.url, NO_COLOR: '1' };
    const child = spawn(process.execPath, [join(root, 'cli/perdure.js'), ...args], { cwd: root, env });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    await once(child, 'close');
    return out;
  };
  const args = ['--type', 'e.cli', '--id', 'c1', '--data', '{"n":1}'];
  expect(await perdure('events', 'send', ...args)).toBe('c1: nobody listens yet; it waits in the inbox\n');
  expect(await perdure('events', 'list', '--type', 'e.cli')).toMatch(
    /e\.cli +c1 +perdure:cli +\d+ s +\S+ +waits/,
  );
  const waiting = ['--waiting', '--source', 'perdure:cli', '--json'];
  expect(JSON.parse(await perdure('events', 'ls', ...waiting))).toMatchObject([
    { event: { id: 'c1' }, matched: false },
  ]);
});

test('a bridge in a process of its own tells how it is, and ends when it is asked to', async () => {
  const port = await findFreePort();
  const bridge = startProcess(root, ['start', '--role', 'bridge'], {
    PERDURE_DATA: data,
    PERDURE_BRIDGE_PORT: String(port),
    TEMPORAL_ADDRESS: service.temporalAddress,
  });
  const url = `http://127.0.0.1:${port}`;
  await whenReady(url, bridge);
  const read = async (path: string): Promise<string> => (await fetch(url + path)).text();
  expect(JSON.parse(await read('/healthz'))).toEqual({ status: 'ok', events: 'connected' });
  expect(JSON.parse(await read('/readyz'))).toEqual({
    status: 'ready',
    checks: { store: 'ok', temporal: 'ok', events: 'ok' },
  });
  const metrics = await read('/metrics');
  expect(metrics).toMatch(/^perdure_bridge_connected 1$/m);
  expect(metrics).toMatch(/^perdure_bridge_lag_events\{group="perdure"\} 0$/m);
  expect(bridge.output()).toContain('none come to this bridge; set PERDURE_EVENTS');
  await bridge.stop();
  expect(bridge.child.exitCode).toBe(0);

  const whole = await fetch(`${service.url}/readyz`);
  expect(await whole.json()).toEqual({
    status: 'ready',
    checks: { temporal: 'ok', store: 'ok', events: 'ok' },
  });
  const own = await fetch(`${service.url}/metrics`);
  expect(await own.text()).toMatch(/^perdure_bridge_events_received_total [1-9]/m);
});

test('a service that is killed while events come loses none of them', async () => {
  const id = await run(
    'crash',
    `[{ hear: { listen: { to: { any: [{ with: { type: e.crash } }], until: '\${ length == 20 }' } }, foreach: { do: [{ pause: { wait: { milliseconds: 20 } } }, { give: { set: '\${ $item }' } }] } } }]`,
  );
  await waiting(id);
  const post = async (n: number): Promise<void> => {
    await eventually(
      `event ${n} is taken`,
      async () =>
        (await send(JSON.stringify(event(`k${n}`, 'e.crash', n)), structured)).status === 202
          ? true
          : undefined,
      { timeoutMs: 90_000 },
    );
  };
  const numbers = Array.from({ length: 20 }, (_, index) => index);
  const sending = (async () => {
    for (const n of numbers) await post(n);
  })();
  await new Promise((resolve) => setTimeout(resolve, 400));
  await service.kill();
  service = await startService(root, { PERDURE_DATA: data });
  client = apiClient(service.url);
  await sending;
  expect((await client.ended(id, 120_000)).output).toEqual(numbers);
}, 240_000);
