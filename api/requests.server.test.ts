import { request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { createHash } from 'node:crypto';
import { greeting, startService } from './service-under-test.ts';
import type { ServiceUnderTest } from './service-under-test.ts';

let service: ServiceUnderTest;

beforeAll(async () => {
  service = await startService();
  await deploy(greeting());
});
afterAll(() => service?.stop());

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

async function call(
  method: string,
  path: string,
  body?: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(service.url + path, { method, body, headers });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
}

function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return call('POST', path, JSON.stringify(body), { 'content-type': 'application/json', ...headers });
}

function deploy(source: string): Promise<Answer> {
  return call('POST', '/v1/definitions', source, { 'content-type': 'application/yaml' });
}

const start = { workflow: 'shop/greet', input: { name: 'Ada' } };
const json = { 'content-type': 'application/json' };
const yaml = { 'content-type': 'application/yaml' };

describe('a broken request gets a problem that says what is wrong', () => {
  it.each<[string, string, string, string | undefined, Record<string, string>, number, string, RegExp]>([
    ['broken JSON', 'POST', '/v1/executions', '{"workflow":', json, 400, 'invalid-json', /not valid JSON/],
    ['no body', 'POST', '/v1/executions', undefined, {}, 400, 'invalid-request', /workflow is required/],
    [
      'a body that is a list',
      'POST',
      '/v1/executions',
      '[]',
      json,
      400,
      'invalid-request',
      /expected object/,
    ],
    [
      'an unknown field',
      'POST',
      '/v1/executions',
      '{"workflow":"shop/greet","inptu":1}',
      json,
      400,
      'invalid-request',
      /\/inptu is not known/,
    ],
    [
      'an unknown parameter',
      'GET',
      '/v1/executions?state=running',
      undefined,
      {},
      400,
      'invalid-request',
      /\/state is not known/,
    ],
    ['a limit of 0', 'GET', '/v1/executions?limit=0', undefined, {}, 400, 'invalid-request', /\/limit/],
    ['a broken cursor', 'GET', '/v1/executions?cursor=x', undefined, {}, 400, 'invalid-request', /cursor/],
    [
      'a broken percent sign',
      'GET',
      '/v1/executions/%E0%A4%A',
      undefined,
      {},
      400,
      'invalid-request',
      /decode/,
    ],
    [
      'an id and a key',
      'POST',
      '/v1/executions',
      '{"workflow":"shop/greet","id":"a"}',
      { ...json, 'idempotency-key': 'k' },
      400,
      'invalid-request',
      /gets its id from the key/,
    ],
    [
      'a reason for a cancel',
      'POST',
      '/v1/executions/x/cancel',
      '{"reason":"a"}',
      json,
      400,
      'invalid-request',
      /\/reason is not known/,
    ],
    ['an unknown route', 'GET', '/v2/executions', undefined, {}, 404, 'route-not-found', /\/v2\/executions/],
    [
      'an unknown workflow',
      'POST',
      '/v1/executions',
      '{"workflow":"shop/nothing"}',
      json,
      404,
      'workflow-not-found',
      /shop\/nothing/,
    ],
    [
      'an unknown TypeScript workflow',
      'POST',
      '/v1/executions',
      '{"workflow":"toString"}',
      json,
      404,
      'workflow-not-found',
      /toString/,
    ],
    [
      'an unknown execution',
      'GET',
      '/v1/executions/none',
      undefined,
      {},
      404,
      'execution-not-found',
      /"none"/,
    ],
    [
      'a signal to an unknown execution',
      'POST',
      '/v1/executions/none/signals/go',
      undefined,
      {},
      404,
      'execution-not-found',
      /no execution/,
    ],
    [
      'an unknown definition',
      'GET',
      '/v1/definitions/shop/none',
      undefined,
      {},
      404,
      'definition-not-found',
      /shop\/none/,
    ],
    [
      'a name that reaches elsewhere in the store',
      'GET',
      '/v1/definitions/shop%2Fgreet/1.0.0',
      undefined,
      {},
      404,
      'definition-not-found',
      /no definition/,
    ],
    ['a wrong method', 'PUT', '/v1/executions', '{}', json, 405, 'method-not-allowed', /GET/],
    [
      'a body over the limit',
      'POST',
      '/v1/executions',
      JSON.stringify({ ...start, input: { name: 'a'.repeat(5_000_000) } }),
      json,
      413,
      'payload-too-large',
      /limit/,
    ],
    [
      'an input over the limit',
      'POST',
      '/v1/executions',
      JSON.stringify({ ...start, input: { name: 'a'.repeat(3_000_000) } }),
      json,
      413,
      'payload-too-large',
      /input has 3000011 bytes/,
    ],
    [
      'a form',
      'POST',
      '/v1/executions',
      'workflow=a',
      {},
      415,
      'unsupported-media-type',
      /application\/json/,
    ],
    [
      'an input that does not match',
      'POST',
      '/v1/executions',
      '{"workflow":"shop/greet","input":{"name":3}}',
      json,
      422,
      'invalid-input',
      /schema/,
    ],
    [
      'a definition that is not one',
      'POST',
      '/v1/definitions',
      'do: []',
      yaml,
      422,
      'invalid-definition',
      /valid/,
    ],
    ['a definition in broken JSON', 'POST', '/v1/definitions', '{"do":', json, 400, 'invalid-json', /JSON/],
  ])('%s', async (_what, method, path, body, headers, status, problem, detail) => {
    const answer = await call(method, path, body, headers);
    expect(answer.body).toMatchObject({
      type: `urn:perdure:problem:${problem}`,
      status,
      detail: expect.stringMatching(detail) as string,
      requestId: answer.headers.get('x-request-id'),
    });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(JSON.stringify(answer.body)).not.toMatch(/\bat .*\.[jt]s:\d+/);
  });

  it('names the methods that a route takes', async () => {
    const answer = await call('DELETE', '/v1/executions');
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST, GET, HEAD, OPTIONS');
  });

  it('points at the values of the input that do not match', async () => {
    const { body } = await post('/v1/executions', { workflow: 'shop/greet', input: { name: 3 } });
    expect(body.errors).toMatchObject([{ pointer: '/input/name' }]);
  });
});

describe('definitions', () => {
  it('are 201, then 200 with the same content and 409 with other content', async () => {
    const first = await deploy(greeting({ name: 'deploys' }));
    expect(first.status).toBe(201);
    expect(first.headers.get('location')).toBe('/v1/definitions/shop/deploys/versions/1.0.0');
    expect(first.body).toMatchObject({ namespace: 'shop', name: 'deploys', version: '1.0.0' });

    const commented = `# the same in other words\n${greeting({ name: 'deploys' })}`;
    expect((await deploy(commented)).status).toBe(200);

    const other = await deploy(greeting({ name: 'deploys', word: 'Hi' }));
    expect(other.status).toBe(409);
    expect(other.body.type).toBe('urn:perdure:problem:definition-exists');
  });

  it('are told where they are wrong', async () => {
    const answer = await deploy(greeting().replace('set:', 'sett:'));
    expect(answer.status).toBe(422);
    const error = {
      pointer: expect.any(String),
      line: expect.any(Number),
      message: expect.any(String),
    } as object;
    expect(answer.body.errors).toEqual(expect.arrayContaining([expect.objectContaining(error)]));
  });

  it('are taken as JSON and read back', async () => {
    const document = { dsl: '1.0.3', namespace: 'shop', name: 'as-json', version: '2.0.0' };
    const definition = { document, do: [{ hello: { set: { a: 1 } } }] };
    expect((await post('/v1/definitions', definition)).status).toBe(201);
    const read = await call('GET', '/v1/definitions/shop/as-json');
    expect(read.body).toMatchObject({ version: '2.0.0', definition });
  });

  it('are checked without being stored', async () => {
    const answer = await call('POST', '/v1/definitions/validate', greeting({ name: 'checked' }), yaml);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ valid: true, name: 'checked' });
    expect((await call('GET', '/v1/definitions/shop/checked')).status).toBe(404);
  });

  it('are listed in pages, with versions from the highest', async () => {
    await deploy(greeting({ name: 'pages-a' }));
    await deploy(greeting({ name: 'pages-a', version: '1.10.0' }));
    await deploy(greeting({ name: 'pages-a', version: '1.9.0' }));
    const versions = await call('GET', '/v1/definitions/shop/pages-a/versions?limit=2');
    expect(versions.body.versions).toMatchObject([{ version: '1.10.0' }, { version: '1.9.0' }]);
    const cursor = encodeURIComponent(String(versions.body.nextCursor));
    const rest = await call('GET', `/v1/definitions/shop/pages-a/versions?cursor=${cursor}`);
    expect(rest.body.versions).toMatchObject([{ version: '1.0.0' }]);

    const names: string[] = [];
    for (let query = 'limit=1'; query !== '';) {
      const { body } = await call('GET', `/v1/definitions?${query}`);
      names.push(...(body.definitions as { name: string }[]).map(({ name }) => name));
      const { nextCursor } = body as { nextCursor?: string };
      query = nextCursor === undefined ? '' : `limit=1&cursor=${encodeURIComponent(nextCursor)}`;
    }
    expect(names).toEqual(expect.arrayContaining(['greet', 'pages-a']));
    expect(new Set(names).size).toBe(names.length);
  });

  it('can be removed, and are then started no more', async () => {
    await deploy(greeting({ name: 'removed' }));
    expect((await call('DELETE', '/v1/definitions/shop/removed/versions/1.0.0')).status).toBe(204);
    expect((await call('DELETE', '/v1/definitions/shop/removed/versions/1.0.0')).status).toBe(404);
    expect((await post('/v1/executions', { workflow: 'shop/removed' })).status).toBe(404);
  });

  it('stand among the workflows that can be started, with their input schemas', async () => {
    const { body } = await call('GET', '/v1/workflows');
    const schema = expect.objectContaining({ type: 'object' }) as object;
    expect(body.workflows).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ workflow: 'shop/greet', kind: 'definition', inputSchema: schema }),
        expect.objectContaining({ workflow: 'approval', kind: 'typescript', inputSchema: schema }),
      ]),
    );
  });
});

describe('a start', () => {
  it('answers 202 and where to look, and is found there with its input', async () => {
    const answer = await post('/v1/executions', { ...start, id: "it's a/b" });
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({
      id: "it's a/b",
      workflow: 'shop/greet',
      version: '1.0.0',
      status: 'running',
    });
    const location = answer.headers.get('location') ?? '';
    expect(location).toBe("/v1/executions/it's%20a%2Fb");

    const read = await call('GET', location);
    expect(read.status).toBe(200);
    expect(read.body).toMatchObject({
      id: "it's a/b",
      runId: answer.body.runId,
      workflow: 'shop/greet',
      version: '1.0.0',
      status: 'running',
      endedAt: null,
      input: { name: 'Ada' },
      output: null,
      error: null,
      tasks: [],
      tasksUnavailable: expect.stringMatching(/worker/) as string,
    });
    const { temporalUi } = read.body.links as { temporalUi: string };
    expect(temporalUi).toBe(
      `http://localhost:8233/namespaces/default/workflows/it's%20a%2Fb/${String(answer.body.runId)}/history`,
    );
  });

  it('under an id that is taken answers 409 and where the other is', async () => {
    await post('/v1/executions', { ...start, id: 'taken' });
    const second = await post('/v1/executions', { ...start, id: 'taken' });
    expect(second.status).toBe(409);
    expect(second.body.type).toBe('urn:perdure:problem:execution-exists');
    expect(second.headers.get('location')).toBe('/v1/executions/taken');
  });

  it('five times at once with one key makes one execution', async () => {
    const key = { 'idempotency-key': 'order-77' };
    const answers = await Promise.all(Array.from({ length: 5 }, () => post('/v1/executions', start, key)));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    expect(new Set(answers.map(({ body }) => body.runId)).size).toBe(1);
    const replayed = answers.filter(({ headers }) => headers.get('idempotent-replayed') === 'true');
    expect(replayed).toHaveLength(4);
    expect(replayed[0]?.body).toMatchObject({ workflow: 'shop/greet', version: '1.0.0' });
  });

  it('with a used key and another input answers 409 and says so', async () => {
    const key = { 'idempotency-key': 'order-78' };
    await post('/v1/executions', start, key);
    const other = await post('/v1/executions', { ...start, input: { name: 'Bob' } }, key);
    expect(other.status).toBe(409);
    expect(other.body).toMatchObject({
      type: 'urn:perdure:problem:idempotency-conflict',
      detail: expect.stringMatching(/another workflow, version or input/) as string,
    });
  });

  it('with a used key answers the original after its definition was removed', async () => {
    await deploy(greeting({ name: 'gone' }));
    const key = { 'idempotency-key': 'order-79' };
    const body = { ...start, workflow: 'shop/gone' };
    const first = await post('/v1/executions', body, key);
    await call('DELETE', '/v1/definitions/shop/gone/versions/1.0.0');
    const second = await post('/v1/executions', body, key);
    expect(second.status).toBe(202);
    expect(second.body.runId).toBe(first.body.runId);
  });

  it('says which wait it honoured', async () => {
    const answer = await post('/v1/executions', start, { prefer: 'wait=1' });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('preference-applied')).toBe('wait=1');
  });
});

describe('an execution', () => {
  it('is terminated once, and is then cancelled', async () => {
    await post('/v1/executions', { ...start, id: 'to-end' });
    const ended = await post('/v1/executions/to-end/terminate', { reason: 'test' });
    expect(ended.status).toBe(202);
    const result = await call('GET', '/v1/executions/to-end/result');
    expect(result.status).toBe(200);
    expect(result.body).toMatchObject({ status: 'cancelled', output: null, error: null });
    const again = await call('POST', '/v1/executions/to-end/terminate');
    expect(again.status).toBe(409);
    expect(again.body).toMatchObject({
      type: 'urn:perdure:problem:execution-ended',
      executionStatus: 'cancelled',
    });
    expect((await call('POST', '/v1/executions/to-end/signals/go')).status).toBe(409);
  });

  it('takes a repeated signal with one key once', async () => {
    await post('/v1/executions', { ...start, id: 'signalled' });
    const key = { 'idempotency-key': 's1' };
    for (const headers of [key, key, {}]) {
      const answer = await post('/v1/executions/signalled/signals/go', { input: { n: 1 } }, headers);
      expect(answer.status).toBe(202);
    }
    const history = await call('GET', '/v1/executions/signalled/history');
    const events = history.body.events as { eventType: string }[];
    expect(events[0]).toMatchObject({ eventType: 'EVENT_TYPE_WORKFLOW_EXECUTION_STARTED' });
    expect(events.filter(({ eventType }) => eventType.endsWith('EXECUTION_SIGNALED'))).toHaveLength(2);
  });

  it('without a worker answers no query, and says so in time', async () => {
    await post('/v1/executions', { ...start, id: 'unanswered' });
    const answer = await call('GET', '/v1/executions/unanswered/queries/state');
    expect(answer.status).toBe(504);
    expect(answer.body.type).toBe('urn:perdure:problem:no-answer');
  });

  it('is found by every filter, however its id is written', async () => {
    const ids = ["odd' OR 1=1 --", 'odd%', 'odd_x', 'oddΩ'];
    for (const id of ids) await post('/v1/executions', { ...start, id });
    await eventually(async () => {
      const found = await listed('workflow=shop/greet&version=1.0.0&status=running&idPrefix=odd');
      expect(new Set(found)).toEqual(new Set(ids));
    });
    for (const id of ids) expect(await listed(`idPrefix=${encodeURIComponent(id)}`)).toEqual([id]);
    expect(await listed('idPrefix=odd&startedAfter=2999-01-01T00:00:00Z')).toEqual([]);
    expect(await listed('idPrefix=odd&startedBefore=2000-01-01T00:00:00%2B02:00')).toEqual([]);
    expect(await listed(`workflow=${encodeURIComponent("x' OR PerdureDefinition != '")}`)).toEqual([]);
    expect(await listed('idPrefix=odd&errorType=x')).toEqual([]);
  });

  it('is listed once in pages', async () => {
    for (let n = 0; n < 3; n++) await post('/v1/executions', { ...start, id: `page-${n}` });
    await eventually(async () => expect(await listed('idPrefix=page-')).toHaveLength(3));
    const first = await call('GET', '/v1/executions?idPrefix=page-&limit=2');
    const cursor = String(first.body.nextCursor);
    const second = await call('GET', `/v1/executions?idPrefix=page-&limit=2&cursor=${cursor}`);
    const elsewhere = await call('GET', `/v1/executions?idPrefix=other-&limit=2&cursor=${cursor}`);
    expect(elsewhere.status).toBe(400);
    const ids = [first, second].flatMap(({ body }) =>
      (body.executions as { id: string }[]).map(({ id }) => id),
    );
    expect(ids.toSorted()).toEqual(['page-0', 'page-1', 'page-2']);
    expect(second.body.nextCursor).toBeUndefined();
  });
});

async function listed(query: string): Promise<string[]> {
  const { body } = await call('GET', `/v1/executions?${query}`);
  return (body.executions as { id: string }[]).map(({ id }) => id);
}

/** Visibility lags behind: tries again until it holds. */
async function eventually(check: () => Promise<void>): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await check();
    } catch (error) {
      if (attempt === 40) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}

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
    await post('/v1/executions', { ...start, id: 'logged' }, { 'x-request-id': 'trace-1' });
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
    const { body } = await call('GET', '/openapi.json');
    for (const [path, methods] of Object.entries(body.paths as Record<string, object>)) {
      const answer = await call('OPTIONS', path.replaceAll(/[{}]/g, ''));
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
      headers: { ...json, prefer: 'wait=30' },
      body: JSON.stringify({ ...start, id: 'in-flight' }),
    });
    await eventually(async () =>
      expect((await call('GET', '/v1/executions/in-flight/result')).status).toBe(202),
    );
    await api.close();
    expect((await waiting).status).toBe(202);
  });

  // Last: nothing works after it.
  it('answers 503 with Retry-After once Temporal is gone, and stays alive', async () => {
    expect((await call('GET', '/readyz')).body).toMatchObject({ status: 'ready' });
    await service.stopTemporal();
    const answers = await Promise.all([
      post('/v1/executions', start),
      post('/v1/executions', start, { 'idempotency-key': 'lost' }),
      call('GET', '/v1/executions'),
      call('GET', '/v1/executions/taken'),
      post('/v1/executions/taken/signals/go', {}),
      call('GET', '/v1/executions/taken/queries/state'),
      post('/v1/executions/taken/updates/go', {}),
      post('/v1/executions/taken/cancel', {}),
      call('GET', '/v1/executions/taken/history'),
    ]);
    for (const { status, headers, body } of answers) {
      expect([status, body.type]).toEqual([503, 'urn:perdure:problem:temporal-unavailable']);
      expect(headers.get('retry-after')).toBe('5');
    }
    const ready = await call('GET', '/readyz');
    expect(ready.status).toBe(503);
    expect(ready.body).toMatchObject({ checks: { temporal: 'unavailable', store: 'ok' } });
    expect((await call('GET', '/healthz')).status).toBe(200);
    expect((await call('GET', '/v1/definitions')).status).toBe(200);
  });
});
