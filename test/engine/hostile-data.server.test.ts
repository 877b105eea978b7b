/** Data and names that are odd, huge or broken end an execution as the definition's error at worst, never its worker. */
import { join } from 'node:path';
import type { Json } from '../../dsl/json.ts';
import { startPartner, type Partner } from '../partner.ts';
import { startDefinitionService, type DefinitionService, type Ended } from './definition-service.ts';

const root = join(__dirname, '../..');
let partner: Partner;
let service: DefinitionService;

beforeAll(async () => {
  partner = await startPartner(async (request) => ({ path: request.path, size: request.body.length }));
  service = await startDefinitionService(root, [new URL(partner.url).host]);
}, 120_000);

afterAll(async () => {
  await service?.close();
  await partner?.close();
});

const run = async (definition: string, input: Json = {}): Promise<Ended> =>
  service.ended(await service.start(definition, input));

test('a do task goes where its own then says', async () => {
  const { output } = await run(
    `do: [{ a: { do: [{ x: { set: { n: 1 } } }], then: c } }, { b: { set: { n: '\${ .n + 10 }' }, then: end } }, { c: { set: { n: '\${ .n + 1 }' }, then: b } }]`,
  );
  expect(output).toEqual({ n: 12 });
});

test('text that is no valid Unicode reaches the error in a form that can be sent', async () => {
  const { error } = await run(
    `do: [{ bad: { raise: { error: { type: 'https://x.test/bad', status: 500, title: '\${ .text }', detail: '\${ .text }' } } } }]`,
    { text: 'a\ud800b' },
  );
  expect(error).toMatchObject({ title: 'a\ufffdb', detail: 'a\ufffdb' });
});

test('an error that is too long is cut', async () => {
  const { error } = await run(
    `do: [{ bad: { raise: { error: { type: '\${ "https://x.test/" + ("e" * 5000) }', status: 500, detail: '\${ "d" * 3000000 }' } } } }]`,
  );
  expect(error?.type).toHaveLength(2_000);
  expect(error?.detail?.length).toBeLessThan(20_000);
});

test('long names and deep nesting do not outgrow what Temporal takes as ids', async () => {
  const name = 'ä'.repeat(600);
  const { output } = await run(
    `do: [{ ${name}: { do: [{ ${name}: { call: http, with: { method: post, endpoint: '${partner.url}/x', body: 1 } } }, { p${name}: { wait: { milliseconds: 5 } } }] } }]`,
  );
  expect(output).toMatchObject({ size: 1 });
});

test('a child of a child has an id that Temporal takes', async () => {
  await service.deploy(
    `{ document: { dsl: '1.0.3', namespace: test, name: leaf, version: '1.0.0' }, do: [{ done: { set: { n: 1 } } }] }`,
  );
  const name = 'b'.repeat(990);
  const { output, error } = await run(
    `do: [{ ${name}: { run: { workflow: { namespace: test, name: leaf, version: latest } } } }]`,
  );
  expect([output, error]).toEqual([{ n: 1 }, undefined]);
});

test('escapes count: a request that is small as text and large as JSON faults', async () => {
  const { error } = await run(
    `do: [{ send: { call: http, with: { method: post, endpoint: '${partner.url}/x', body: '\${ "\\u0001" * 700000 }' } } }]`,
  );
  expect(error).toMatchObject({
    instance: '/do/0/send',
    detail: expect.stringContaining('limits.payloadBytes'),
  });
});

test('large requests of many branches are sent in several workflow tasks', async () => {
  const branches = Array.from(
    { length: 8 },
    (_, index) =>
      `{ b${index}: { call: http, with: { method: post, endpoint: '${partner.url}/x', body: '\${ "x" * 1000000 }' } } }`,
  );
  const { output } = await run(`do: [{ all: { fork: { branches: [${branches.join(', ')}] } } }]`);
  expect(output).toHaveLength(8);
}, 60_000);

test('large inputs of many children are sent in several workflow tasks', async () => {
  await service.deploy(
    `{ document: { dsl: '1.0.3', namespace: test, name: small, version: '1.0.0' }, do: [{ done: { set: { n: 1 } } }] }`,
  );
  const branches = Array.from(
    { length: 6 },
    (_, index) =>
      `{ b${index}: { run: { workflow: { namespace: test, name: small, version: latest, input: { text: '\${ "x" * 1000000 }' } } } } }`,
  );
  const { output } = await run(`do: [{ all: { fork: { branches: [${branches.join(', ')}] } } }]`);
  expect(output).toHaveLength(6);
}, 60_000);

test('a position that is too large to continue as new with faults', async () => {
  const definition = `do: [{ big: { set: { a: '\${ "x" * 1400000 }' }, export: { as: '\${ { b: ("y" * 1400000) } }' } } }, { loop: { for: { in: '\${ [range(20)] }' }, do: [{ pause: { wait: { milliseconds: 1 } } }] } }]`;
  const handle = await service.start(definition, {}, { historyEvents: 20 });
  const { error } = await service.ended(handle);
  expect(error).toMatchObject({ status: 500, detail: expect.stringContaining('continue') });
}, 60_000);

test('a name in braces is a variable where the definition writes it, not where data brings it', async () => {
  const { output } = await run(
    `do: [{ both: { fork: { branches: [
      { written: { call: http, with: { method: get, endpoint: '${partner.url}/{id}' } } },
      { mixed: { call: http, with: { method: get, endpoint: '\${ .base }/{id}' } } },
      { computed: { call: http, with: { method: get, endpoint: { uri: '\${ .base + "/" + .data }' } } } } ] }, output: { as: '\${ map(.path) }' } } }]`,
    { id: 'a/b', data: '{id}', base: partner.url },
  );
  expect(output).toEqual(['/a%2Fb', '/a%2Fb', '/%7Bid%7D']);
});

test.each<[string, string, Json, Json]>([
  [
    'a key __proto__ is data',
    `do: [{ a: { set: { __proto__: '\${ .n }', b: 1 } } }]`,
    { n: 1 },
    JSON.parse('{"__proto__":1,"b":1}') as Json,
  ],
  [
    'a loop over 100,000 items',
    `do: [{ a: { for: { in: '\${ [range(100000)] }' }, do: [{ b: { set: '\${ $item }' } }] } }]`,
    null,
    99_999,
  ],
  ['an input that is a text', `do: [{ a: { set: { n: '\${ . }' } } }]`, 'text', { n: 'text' }],
  ['a number beyond the range', `do: [{ a: { set: { n: '\${ 1e400 }' } } }]`, null, { n: Number.MAX_VALUE }],
])(
  '%s',
  async (_rule, definition, input, output) => {
    const ended = await run(definition, input);
    expect([ended.output, ended.error]).toEqual([output, undefined]);
  },
  60_000,
);
