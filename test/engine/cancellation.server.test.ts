/** A cancelled execution ends as cancelled, wherever it stands. What it leaves running: nothing-left.server.test.ts. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startPartner, type Partner } from '../partner.ts';
import { eventually } from '../service-process.ts';
import { startDefinitionService, type DefinitionService } from './definition-service.ts';

const root = join(__dirname, '../..');
let partner: Partner;
let service: DefinitionService;

beforeAll(async () => {
  partner = await startPartner(async () => delay(30_000, undefined, { ref: false }));
  service = await startDefinitionService(root, [new URL(partner.url).host]);
  await service.deploy(
    `{ document: { dsl: '1.0.3', namespace: test, name: slow, version: '1.0.0' }, do: [{ long: { wait: PT1H } }] }`,
  );
}, 120_000);

afterAll(async () => {
  await service?.close();
  await partner?.close();
});

const bad = `{ bad: { raise: { error: { type: 'https://x.test/bad', status: 500 } } } }`;
const long = `{ long: { wait: PT1H } }`;
const rows: readonly (readonly [string, () => string])[] = [
  ['in a call', () => `do: [{ ask: { call: http, with: { method: get, endpoint: '${partner.url}/' } } }]`],
  [
    'in a child',
    () => `do: [{ below: { run: { workflow: { namespace: test, name: slow, version: latest } } } }]`,
  ],
  ['in a fork', () => `do: [{ all: { fork: { branches: [${long}, { other: { wait: PT1H } }] } } }]`],
  [
    'in a race that lost a branch, inside a try',
    () =>
      `do: [{ risky: { try: [{ race: { fork: { compete: true, branches: [${bad}, ${long}] } } }], catch: {} } }]`,
  ],
  ['in catch.do', () => `do: [{ risky: { try: [${bad}], catch: { do: [${long}] } } }]`],
  ['in a back-off', () => `do: [{ risky: { try: [${bad}], catch: { retry: { delay: PT1H } } } }]`],
  ['under a timeout', () => `do: [{ slow: { timeout: { after: PT1H }, do: [${long}] } }]`],
  ['in an endless loop', () => `do: [{ a: { set: { n: 1 } } }, { b: { set: { n: 2 }, then: a } }]`],
];

test.each(rows)(
  'cancelled %s',
  async (_where, definition) => {
    const handle = await service.start(definition(), {});
    await delay(1_000);
    await handle.cancel();
    await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    expect((await handle.describe()).status.name).toBe('CANCELLED');
    await eventually('the end of every call', async () => (partner.waiting === 0 ? true : undefined));
  },
  30_000,
);

test('a timeout around a child cancels it, and a child that somebody ends faults its task', async () => {
  const slow = `run: { workflow: { namespace: test, name: slow, version: latest } }`;
  const timed = await service.ended(
    await service.start(`do: [{ below: { timeout: { after: PT1S }, ${slow} } }]`, {}),
  );
  expect(timed.error).toMatchObject({ status: 408, instance: '/do/0/below' });
  for (const end of ['cancel', 'terminate'] as const) {
    const handle = await service.start(
      `do: [{ risky: { try: [{ below: { ${slow} } }], catch: { as: problem, do: [{ keep: { set: '\${ $problem }' } }] } } }]`,
      {},
    );
    await service.child(handle, end);
    const { output } = await service.ended(handle);
    expect(output).toMatchObject({ status: 500, instance: '/do/0/risky/try/0/below' });
  }
}, 60_000);
