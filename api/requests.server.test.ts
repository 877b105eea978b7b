import { greeting, startService } from './service-under-test.ts';
import type { Answer, ServiceUnderTest } from './service-under-test.ts';

let service: ServiceUnderTest;

beforeAll(async () => {
  service = await startService();
  expect((await service.deploy(greeting())).status).toBe(201);
});
afterAll(() => service?.stop());

const executions = '/v1/executions';

const get = (path: string) => (): Promise<Answer> => service.call('GET', path);

function post(path: string, body?: string, headers: Record<string, string> = {}) {
  const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  return (): Promise<Answer> => service.call('POST', path, body, { ...type, ...headers });
}

function postYaml(path: string, body: string) {
  return (): Promise<Answer> => service.call('POST', path, body, { 'content-type': 'application/yaml' });
}

/** What is broken, the request, what it gets, and what the problem says. */
const brokenRequests: [string, () => Promise<Answer>, `${number} ${string}`, RegExp][] = [
  ['broken JSON', post(executions, '{"workflow":'), '400 invalid-json', /not valid JSON/],
  ['no body', post(executions), '400 invalid-request', /workflow is required/],
  ['a list as body', post(executions, '[]'), '400 invalid-request', /expected object/],
  [
    'an unknown field',
    post(executions, '{"workflow":"a","inptu":1}'),
    '400 invalid-request',
    /\/inptu is not/,
  ],
  ['a number as workflow', post(executions, '{"workflow":7}'), '400 invalid-request', /\/workflow/],
  ['an unknown parameter', get(`${executions}?state=running`), '400 invalid-request', /\/state is not known/],
  ['a limit of 0', get(`${executions}?limit=0`), '400 invalid-request', /\/limit/],
  ['an unknown status', get(`${executions}?status=done`), '400 invalid-request', /\/status/],
  ['a time that is none', get(`${executions}?startedAfter=today`), '400 invalid-request', /\/startedAfter/],
  ['a broken cursor', get(`${executions}?cursor=x`), '400 invalid-request', /cursor/],
  ['a broken percent sign', get(`${executions}/%E0%A4%A`), '400 invalid-request', /decode/],
  [
    'an id beside a key',
    post(executions, '{"workflow":"shop/greet","id":"a"}', { 'idempotency-key': 'k' }),
    '400 invalid-request',
    /gets its id from the key/,
  ],
  [
    'a version of a TypeScript workflow',
    post(executions, '{"workflow":"approval","version":"1.0.0"}'),
    '400 invalid-request',
    /no versions/,
  ],
  [
    'a reason for a cancel',
    post(`${executions}/x/cancel`, '{"reason":"a"}'),
    '400 invalid-request',
    /\/reason/,
  ],
  ['an unknown route', get('/v2/executions'), '404 route-not-found', /\/v2\/executions/],
  [
    'an unknown definition',
    post(executions, '{"workflow":"shop/none"}'),
    '404 workflow-not-found',
    /shop\/none/,
  ],
  ['an unknown workflow', post(executions, '{"workflow":"toString"}'), '404 workflow-not-found', /toString/],
  ['an unknown execution', get(`${executions}/none`), '404 execution-not-found', /"none"/],
  ['a signal to nobody', post(`${executions}/none/signals/go`), '404 execution-not-found', /no execution/],
  ['an unknown name', get('/v1/definitions/shop/none'), '404 definition-not-found', /shop\/none/],
  [
    'a name that would reach elsewhere in the store',
    get('/v1/definitions/shop%2Fgreet/1.0.0'),
    '404 definition-not-found',
    /no definition/,
  ],
  ['a wrong method', () => service.call('PUT', executions), '405 method-not-allowed', /POST, GET/],
  ['a body over the limit', post(executions, `"${'a'.repeat(5_000_000)}"`), '413 payload-too-large', /limit/],
  [
    'an input over the limit',
    post(executions, `{"workflow":"shop/greet","input":{"name":"${'a'.repeat(3_000_000)}"}}`),
    '413 payload-too-large',
    /input has 3000011 bytes/,
  ],
  [
    'an input that grows over the limit as JSON',
    post(executions, `{"workflow":"shop/greet","input":{"name":"${'\\u0001'.repeat(400_000)}"}}`),
    '413 payload-too-large',
    /input has 2400011 bytes/,
  ],
  [
    'a form',
    post(executions, 'workflow=a', { 'content-type': 'application/x-www-form-urlencoded' }),
    '415 unsupported-media-type',
    /application\/json/,
  ],
  [
    'an input that does not match',
    post(executions, '{"workflow":"shop/greet","input":{"name":3}}'),
    '422 invalid-input',
    /schema/,
  ],
  ['a definition that is none', postYaml('/v1/definitions', 'do: []'), '422 invalid-definition', /valid/],
  ['a definition in broken JSON', post('/v1/definitions', '{"do":'), '400 invalid-json', /JSON/],
  ['an empty definition', postYaml('/v1/definitions/validate', ' '), '400 invalid-request', /empty/],
];

describe('a request is refused with a problem that says why', () => {
  it.each(brokenRequests)('%s', async (_what, request, expected, detail) => {
    const { status, headers, body } = await request();
    expect(body).toMatchObject({
      detail: expect.stringMatching(detail) as string,
      status,
      requestId: headers.get('x-request-id'),
    });
    expect(`${status} ${String(body.type).replace('urn:perdure:problem:', '')}`).toBe(expected);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(JSON.stringify(body)).not.toMatch(/\bat .*\.[jt]s:\d+/);
  });

  it('names the methods that a route takes', async () => {
    const { headers } = await service.call('DELETE', executions);
    expect(headers.get('allow')).toBe('POST, GET, HEAD, OPTIONS');
  });

  it('points at the values of the input that do not match', async () => {
    const { body } = await service.post(executions, { workflow: 'shop/greet', input: { name: 3 } });
    expect(body.errors).toMatchObject([{ pointer: '/input/name' }]);
  });
});
