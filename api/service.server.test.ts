import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { eventually, greeting, startService } from './service-under-test.ts';
import type { ServiceUnderTest } from './service-under-test.ts';

let service: ServiceUnderTest;

beforeAll(async () => {
  service = await startService();
  expect((await service.deploy(greeting())).status).toBe(201);
});
afterAll(() => service?.stop());

const start = { workflow: 'shop/greet', input: { name: 'Ada' } };

describe('access', () => {
  function withHeaders(headers: IncomingHttpHeaders, path = '/v1/definitions'): Promise<number> {
    return new Promise((resolve, reject) => {
      const sent = httpRequest(service.url + path, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      sent.on('error', reject).end();
    });
  }

  it('without keys is for this machine, not for what a web page makes a browser send', async () => {
    expect(await withHeaders({ host: 'localhost:8080' })).toBe(200);
    expect(await withHeaders({ host: 'rebound.example.com' })).toBe(403);
    expect(await withHeaders({ origin: 'https://example.com' })).toBe(403);
    expect(await withHeaders({ origin: 'null' })).toBe(403);
    expect(await withHeaders({ origin: 'http://localhost:3000' })).toBe(200);
  });

  it('with keys needs one, but for probes and the description', async () => {
    const sha256 = createHash('sha256').update('secret-key').digest('hex');
    const api = await service.again({ keys: [{ name: 'shop', sha256 }] });
    try {
      const status = async (path: string, key?: string): Promise<number> => {
        const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
        return (await fetch(api.url + path, { headers })).status;
      };
      expect(await status('/v1/definitions')).toBe(401);
      expect(await status('/v1/definitions', 'wrong')).toBe(401);
      expect(await status('/v1/nothing')).toBe(401);
      expect(await status('/metrics')).toBe(401);
      expect(await status('/v1/definitions', 'secret-key')).toBe(200);
      expect(await status('/metrics', 'secret-key')).toBe(200);
      for (const open of ['/healthz', '/readyz', '/openapi.json', '/docs'])
        expect(await status(open)).toBe(200);
    } finally {
      await api.close();
    }
    expect(service.log).toContainEqual(
      expect.objectContaining({ path: '/v1/definitions', status: 200, caller: 'shop' }),
    );
    expect(JSON.stringify(service.log)).not.toContain('secret-key');
  });
});

describe('the service', () => {
  it('logs requests under their id, with the execution', async () => {
    await service.post('/v1/executions', { ...start, id: 'logged' }, { 'x-request-id': 'trace-1' });
    expect(service.log).toContainEqual(
      expect.objectContaining({ requestId: 'trace-1', workflowId: 'logged', status: 202, method: 'POST' }),
    );
  });

  it('shows its description as a page from its own files', async () => {
    const page = await fetch(`${service.url}/docs`);
    const html = await page.text();
    expect(html).not.toMatch(/https?:/);
    for (const [, asset] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
      const response = await fetch(service.url + String(asset));
      expect(response.status).toBe(200);
      await response.body?.cancel();
    }
  });

  it('describes every route it has', async () => {
    const { body } = await service.call('GET', '/openapi.json');
    for (const [path, methods] of Object.entries(body.paths as Record<string, object>)) {
      const answer = await service.call('OPTIONS', path.replaceAll(/[{}]/g, ''));
      const allowed = Object.keys(methods).map((method) => method.toUpperCase());
      const routed = (answer.headers.get('allow') ?? '')
        .split(', ')
        .filter((method) => !/HEAD|OPTIONS/.test(method));
      expect([path, routed.toSorted()]).toEqual([path, allowed.toSorted()]);
    }
  });

  it('shows metrics', async () => {
    const response = await fetch(`${service.url}/metrics`);
    expect(response.headers.get('content-type')).toContain('version=0.0.4');
    expect(await response.text()).toBe('perdure_test 1\n');
  });

  it('lets requests in flight finish when it closes', async () => {
    const api = await service.again({});
    const waiting = fetch(`${api.url}/v1/executions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', prefer: 'wait=30' },
      body: JSON.stringify({ ...start, id: 'in-flight' }),
    });
    await eventually(async () =>
      expect((await service.call('GET', '/v1/executions/in-flight/result')).status).toBe(202),
    );
    await api.close();
    expect((await waiting).status).toBe(202);
  });

  // Last: nothing works after it.
  it('answers 503 with Retry-After once Temporal is gone, and stays alive', async () => {
    expect((await service.call('GET', '/readyz')).body).toMatchObject({ status: 'ready' });
    await service.stopTemporal();
    const answers = await Promise.all([
      service.post('/v1/executions', start),
      service.post('/v1/executions', start, { 'idempotency-key': 'lost' }),
      service.call('GET', '/v1/executions'),
      service.call('GET', '/v1/executions/taken'),
      service.post('/v1/executions/taken/signals/go', {}),
      service.call('GET', '/v1/executions/taken/queries/state'),
      service.post('/v1/executions/taken/updates/go', {}),
      service.post('/v1/executions/taken/cancel', {}),
      service.call('GET', '/v1/executions/taken/history'),
    ]);
    for (const { status, headers, body } of answers) {
      expect([status, body.type]).toEqual([503, 'urn:perdure:problem:temporal-unavailable']);
      expect(headers.get('retry-after')).toBe('5');
    }
    const ready = await service.call('GET', '/readyz');
    expect(ready.status).toBe(503);
    expect(ready.body).toMatchObject({ checks: { temporal: 'unavailable', store: 'ok' } });
    expect((await service.call('GET', '/healthz')).status).toBe(200);
    expect((await service.call('GET', '/v1/definitions')).status).toBe(200);
  });
});
