/** Functions and schemas from elsewhere, on the service as a user starts it: read once at deploy, and carried from then on. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { apiClient, type ApiClient, type Execution } from '../client.ts';
import type { Json } from '../../dsl/json.ts';
import { startService, type Service } from '../service-process.ts';

const root = join(__dirname, '../..');

/** What the catalog's server answers by path, and what it was asked. */
const pages = new Map<string, string>();
const asked: { readonly path: string; readonly authorization?: string }[] = [];
const server = createServer((request, response) => {
  const { url: path = '', headers } = request;
  asked.push({ path, authorization: headers.authorization });
  const page = pages.get(path);
  response.writeHead(page === undefined ? 404 : 200, {
    'content-type': path.endsWith('.yaml') ? 'application/yaml' : 'application/json',
  });
  response.end(page);
});
let url: string;
let service: Service;
let client: ApiClient;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The catalog has no port');
  url = `http://127.0.0.1:${address.port}`;
  service = await startService(root, { PERDURE_OUTGOING_ALLOW: `127.0.0.1:${address.port}` });
  client = apiClient(service.url);
}, 120_000);

afterAll(async () => {
  await service?.stop();
  server.close();
  server.closeAllConnections();
});

async function deploy(name: string, body: string): Promise<{ readonly status: number; readonly body: Json }> {
  return client.deploy(
    `document: { dsl: '1.0.3', namespace: reuse, name: ${name}, version: '1.0.0' }\n${body}`,
  );
}

async function run(name: string, input: Json): Promise<Execution> {
  const { body } = await client.start({ workflow: `reuse/${name}`, input });
  return client.ended(body.id);
}

const greetings = (): string => `
input: { schema: { format: 'json:2020-12', resource: { endpoint: '${url}/schemas/person.json' } } }
use:
  authentications: { shop: { basic: { username: reader, password: reads } } }
  catalogs: { shop: { endpoint: { uri: '${url}/catalog/', authentication: { use: shop } } } }
do:
  - greet: { call: 'greet:1.2.0@shop', with: { name: '\${ .name }' } }
  - shout: { call: '${url}/shout.yaml', with: { text: '\${ .text }' } }
output: { as: '\${ { text: ., carries: ($workflow.definition | has("resources")) } }' }
`;

function publish(greeting: string): void {
  pages.set('/schemas/person.json', JSON.stringify({ type: 'object', required: ['name'] }));
  pages.set('/catalog/functions/greet/1.2.0/function.yaml', greeting);
  pages.set(
    '/shout.yaml',
    `{ input: { schema: { document: { type: object, required: [text] } } }, do: [{ up: { set: '\${ .text | ascii_upcase }' } }] }`,
  );
}

const friendly = `
# A function that calls another one.
do:
  - say: { set: { text: '\${ "hello \\(.name)" }' } }
`;

test('an execution carries what its definition names, and needs no catalog any more', async () => {
  publish(friendly);
  const deployed = await deploy('greetings', greetings());
  expect(deployed).toMatchObject({ status: 201, body: { name: 'greetings' } });
  expect(asked).toContainEqual({
    path: '/catalog/functions/greet/1.2.0/function.yaml',
    authorization: `Basic ${Buffer.from('reader:reads').toString('base64')}`,
  });
  expect(asked).toContainEqual({ path: '/shout.yaml', authorization: undefined });

  const before = asked.length;
  const ended = await run('greetings', { name: 'ada' });
  expect(ended).toMatchObject({ status: 'completed', output: { text: 'HELLO ADA', carries: false } });
  expect(ended.tasks.map(({ name }) => name)).toEqual([
    'greet',
    'greet:1.2.0@shop',
    'say',
    'shout',
    `${url}/shout.yaml`,
    'up',
  ]);
  expect(asked.length).toBe(before);

  // The schema was read as well: the start is refused before anything runs.
  const refused = await client.start({ workflow: 'reuse/greetings', input: {} });
  expect(refused).toMatchObject({ status: 422, body: { type: 'urn:perdure:problem:invalid-input' } });

  const read = await fetch(`${service.url}/v1/definitions/reuse/greetings`);
  expect(Object.keys(((await read.json()) as { definition: object }).definition)).toEqual([
    'document',
    'input',
    'use',
    'do',
    'output',
  ]);
});

test('content decides whether a version is the same', async () => {
  publish(friendly);
  expect((await deploy('same', greetings())).status).toBe(201);
  // Written otherwise, and the same.
  publish(friendly.replace('# A', '# a'));
  expect((await deploy('same', greetings())).status).toBe(200);
  publish(friendly.replace('hello', 'good day'));
  expect((await deploy('same', greetings())).status).toBe(409);
});

test.each([
  [
    'a function that is not there',
    `do: [{ a: { call: '$URL/none.yaml' } }]`,
    {
      pointer: '/do/0/a/call',
      line: 2,
      column: 19,
      code: 'resource-unreachable',
      message: '$URL/none.yaml answered 404',
    },
  ],
  [
    'a function in a catalog that wants a secret',
    `use: { secrets: [key], catalogs: { shop: { endpoint: { uri: '$URL', authentication: { bearer: { token: '\${ $secrets.key }' } } } } } }\ndo: [{ a: { call: 'greet:1.0.0@shop' } }]`,
    {
      pointer: '/do/0/a/call',
      code: 'resource-unreachable',
      message:
        '$URL/functions/greet/1.0.0/function.yaml cannot be read when the definition is deployed: secrets and expressions are known only when an execution runs',
    },
  ],
  [
    'a function that is none',
    `do: [{ a: { call: '$URL/broken.yaml' } }]`,
    {
      pointer: '/do/0/a/call',
      code: 'invalid-function',
      message: '$URL/broken.yaml, line 1, column 3: a task has no field "sett"; did you mean "set"?',
    },
  ],
  [
    'a function that the default catalog does not have',
    `do: [{ a: { call: 'log:9.0.0@default' } }]`,
    {
      pointer: '/do/0/a/call',
      code: 'resource-unreachable',
      message: 'the default catalog has no function "log" in version 9.0.0',
    },
  ],
  [
    'functions that call one another',
    `do: [{ a: { call: '$URL/circle.yaml' } }]`,
    { pointer: '/do/0/a/call', code: 'invalid-function' },
  ],
  [
    'an address that definitions may not reach',
    `do: [{ a: { call: 'http://127.0.0.2/function.yaml' } }]`,
    {
      pointer: '/do/0/a/call',
      code: 'resource-unreachable',
      message: expect.stringMatching(/^forbidden-address: /),
    },
  ],
  [
    'a schema that is none',
    `input: { schema: { resource: { endpoint: '$URL/broken.json' } } }\ndo: [{ a: { set: { n: 1 } } }]`,
    { pointer: '/input/schema/resource/endpoint', code: 'schema' },
  ],
])('%s is refused at its place', async (_, body, finding) => {
  pages.set('/broken.yaml', '{ sett: { n: 1 } }');
  pages.set('/broken.json', '{"type":"thing"}');
  pages.set('/circle.yaml', `{ do: [{ b: { call: '${url}/back.yaml' } }] }`);
  pages.set('/back.yaml', `{ do: [{ c: { call: '${url}/circle.yaml' } }] }`);
  const expected = Object.fromEntries(
    Object.entries(finding).map(([key, value]) => [
      key,
      typeof value === 'string' ? value.replaceAll('$URL', url) : value,
    ]),
  );
  const refused = await deploy('refused', body.replaceAll('$URL', url));
  expect(refused).toMatchObject({ status: 422, body: { errors: [expected] } });
});

describe('the default catalog', () => {
  test.each<[name: string, call: string, output: () => Json]>([
    [
      'log',
      `{ call: 'log:1.0.0@default', with: { message: Hello, level: warning, format: '{LEVEL} {CONTEXT} {MESSAGE}' } }`,
      () => 'WARNING log Hello',
    ],
    [
      'health-good',
      `{ call: 'http-health:1.0.0@default', with: { url: '$URL/shout.yaml' } }`,
      () => ({ healthy: true, status: 200 }),
    ],
    [
      'health-bad',
      `{ call: 'http-health:1.0.0@default', with: { url: '$URL/nothing' }, output: { as: '\${ { healthy, status } }' } }`,
      () => ({ healthy: false, status: 404 }),
    ],
    [
      'pages',
      `{ call: 'http-pages:1.0.0@default', with: { url: '$URL/page/1', items: rows } }`,
      () => ({ items: [1, 2, 3], complete: true }),
    ],
    [
      'waits',
      `{ call: 'http-wait:1.0.0@default', with: { url: '$URL/page/2', until: [done], member: state } }`,
      () => ({ rows: [3], state: 'done' }),
    ],
    [
      'waits-in-vain',
      `{ try: [{ ask: { call: 'http-wait:1.0.0@default', with: { url: '$URL/page/2', until: [lost], everySeconds: 1, attempts: 2 } } }], catch: { do: [{ keep: { set: { status: '\${ $error.status }', detail: '\${ $error.detail }' } } }] } }`,
      () => ({ status: 408, detail: `${url}/page/2 did not say lost within 2 requests` }),
    ],
  ])('%s', async (name, call, output) => {
    publish(friendly);
    pages.set('/page/1', JSON.stringify({ rows: [1, 2], next: `${url}/page/2` }));
    pages.set('/page/2', JSON.stringify({ rows: [3], state: 'done' }));
    const deployed = await deploy(name, `do: [{ use: ${call.replaceAll('$URL', url)} }]`);
    expect(deployed).toMatchObject({ status: 201 });
    const ended = await run(name, {});
    expect({ output: ended.output, error: ended.error }).toEqual({ output: output(), error: null });
  });
});
