/** Definitions that ask for too much: of time, of bytes. The service and everyone else's executions go on. */
import { join } from 'node:path';
import { apiClient, type ApiClient } from '../client.ts';
import { startPartner, type Partner } from '../partner.ts';
import { startService, type Service } from '../service-process.ts';

const root = join(__dirname, '../..');
const megabyte = 1_000_000;
let partner: Partner;
let service: Service;
let client: ApiClient;

beforeAll(async () => {
  partner = await startPartner(async (request) => ({
    text: 'x'.repeat(request.path === '/large' ? 3 * megabyte : 10),
  }));
  service = await startService(root, { PERDURE_OUTGOING_ALLOW: partner.url.slice('http://'.length) });
  client = apiClient(service.url);
}, 120_000);

afterAll(async () => {
  await service?.stop();
  await partner?.close();
});

test('a loop without any wait leaves the worker to others, and can be cancelled', async () => {
  await client.deploy(`
document: { dsl: '1.0.3', namespace: fairness, name: endless, version: '1.0.0' }
do:
  - count: { set: { n: '\${ (.n // 0) + 1 }' } }
  - again: { switch: [{ always: { when: '\${ true }', then: count } }] }
`);
  await client.deploy(`
document: { dsl: '1.0.3', namespace: fairness, name: short, version: '1.0.0' }
do:
  - ask: { call: http, with: { method: get, endpoint: '${partner.url}/small' } }
  - answer: { set: { length: '\${ .text | length }' } }
`);
  const endless = await client.start({ workflow: 'fairness/endless', input: {} });
  const begun = Date.now();
  const durations: number[] = [];
  // Twenty executions spread over the minute that the loop runs.
  for (let nth = 0; nth < 20; nth++) {
    const before = Date.now();
    const { status, body } = await client.start(
      { workflow: 'fairness/short', input: {} },
      { prefer: 'wait=20' },
    );
    durations.push(Date.now() - before);
    expect([status, body.output]).toEqual([200, { length: 10 }]);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, begun + (nth + 1) * 3_000 - Date.now())));
  }
  expect(Math.max(...durations)).toBeLessThan(2_000);
  expect((await client.get(endless.body.id)).status).toBe('running');
  expect((await client.post(`/v1/executions/${endless.body.id}/cancel`, {})).status).toBe(202);
  expect((await client.ended(endless.body.id)).status).toBe('cancelled');
}, 150_000);

test('an input of 3 MB is refused before Temporal sees it', async () => {
  await client.deploy(`
document: { dsl: '1.0.3', namespace: fairness, name: large-input, version: '1.0.0' }
do: [{ nothing: { set: { done: true } } }]
`);
  const { status } = await client.start({
    workflow: 'fairness/large-input',
    input: { text: 'x'.repeat(3 * megabyte) },
  });
  expect(status).toBe(413);
});

test('a task output of 3 MB is an error that try can catch, and the worker lives', async () => {
  await client.deploy(`
document: { dsl: '1.0.3', namespace: fairness, name: large-output, version: '1.0.0' }
do:
  - attempt:
      try:
        - fetchTooMuch: { call: http, with: { method: get, endpoint: '${partner.url}/large' } }
      catch:
        as: error
        do:
          - fromCall: { set: { call: '\${ $error.type | split("/") | last }' } }
  - second:
      try:
        - makeTooMuch: { set: { text: '\${ "x" * 3000000 }' } }
        - sendTooMuch: { call: http, with: { method: post, endpoint: '${partner.url}/small', body: '\${ . }' } }
      catch:
        as: error
        do:
          - fromRequest: { set: { call: '\${ .call }', request: '\${ $error.type | split("/") | last }' } }
`);
  const { body } = await client.start(
    { workflow: 'fairness/large-output', input: {} },
    { prefer: 'wait=30' },
  );
  expect(body.error).toBeNull();
  expect(body.output).toEqual({ call: 'runtime', request: 'runtime' });
});

test('a new version leaves what runs on the old one as it was', async () => {
  const version = (number: string, answer: string): string => `
document: { dsl: '1.0.3', namespace: fairness, name: versioned, version: '${number}' }
do:
  - pause: { wait: { seconds: 3 } }
  - answer: { set: { answer: '${answer}' } }
`;
  await client.deploy(version('1.0.0', 'old'));
  const old = await client.start({ workflow: 'fairness/versioned', input: {} });
  expect((await client.deploy(version('2.0.0', 'new'))).status).toBe(201);
  const fresh = await client.start({ workflow: 'fairness/versioned', input: {} });
  expect([(await client.ended(old.body.id)).output, (await client.ended(fresh.body.id)).output]).toEqual([
    { answer: 'old' },
    { answer: 'new' },
  ]);
  expect([(await client.get(old.body.id)).version, (await client.get(fresh.body.id)).version]).toEqual([
    '1.0.0',
    '2.0.0',
  ]);
});
