import { createDeadLetters } from '../backends/events/dead-letters.ts';
import type { DeadLetter, DeadLetters } from '../backends/events/dead-letters.ts';
import { createSubscriptions } from '../backends/events/subscriptions.ts';
import type { Json } from '../dsl/json.ts';
import { main } from '../cli/index.ts';
import { recordingTerminal } from '../cli/recording-terminal.ts';
import { startService } from './service-under-test.ts';
import type { ServiceUnderTest } from './service-under-test.ts';

let service: ServiceUnderTest;
let letters: DeadLetters;

beforeAll(async () => {
  service = await startService();
  letters = createDeadLetters(service.store, service.settings.deadLetters);
}, 120_000);
afterAll(() => service?.stop());
afterEach(async () => {
  const { letters: left } = await letters.list({ limit: 1_000 });
  for (const { id } of left) await letters.remove(id);
});

const event = (id: string, type: string, data: Json = null): Json => ({
  specversion: '1.0',
  id,
  source: '/shop',
  type,
  data,
});

/** Sets an event aside. */
const die = (content: Json, more: object = {}): Promise<DeadLetter> =>
  letters.add({ content, reason: 'failed', detail: 'a defect', attempts: 5, ...more });

/** An execution that nobody works on, with a listener for the type. */
async function listener(workflowId: string, type: string): Promise<void> {
  await service.client.workflow.start('nobody', { workflowId, taskQueue: 'nobody' });
  const subscription = { workflowId, seed: workflowId, path: '/do/0', listener: 1 };
  await createSubscriptions(service.store).add([{ type, where: [] }], { kind: 'execution', ...subscription });
}

async function perdure(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const terminal = recordingTerminal();
  const code = await main(argv, terminal, { PERDURE_URL: service.url });
  return { code, ...terminal.written };
}

test('lists letters by reason and type in pages, and shows one with its content', async () => {
  await die(event('1', 'a'));
  await die(event('2', 'b'), { reason: 'too-large', origin: 'orders[0]@7' });
  await die(event('3', 'a'), { reached: ['x', 'y'] });
  const listed = await service.call('GET', '/v1/dead-letters?type=a&limit=1');
  expect(listed.body).toEqual({
    deadLetters: [
      {
        id: expect.any(String) as string,
        reason: 'failed',
        detail: 'a defect',
        event: { id: '3', source: '/shop', type: 'a' },
        diedAt: expect.stringMatching(/^20.*Z$/) as string,
        failedAt: expect.stringMatching(/^20.*Z$/) as string,
        expiresAt: expect.stringMatching(/^20.*Z$/) as string,
        attempts: 5,
        bytes: expect.any(Number) as number,
        complete: true,
        reached: 2,
      },
    ],
    nextCursor: expect.any(String) as string,
  });
  const next = `/v1/dead-letters?type=a&limit=1&cursor=${String(listed.body.nextCursor)}`;
  expect(await service.call('GET', next)).toMatchObject({ body: { deadLetters: [{ event: { id: '1' } }] } });
  const large = await service.call('GET', '/v1/dead-letters?reason=too-large');
  const [{ id }] = large.body.deadLetters as [{ id: string }];
  expect((await service.call('GET', `/v1/dead-letters/${id}`)).body).toMatchObject({
    id,
    origin: 'orders[0]@7',
    content: event('2', 'b'),
  });
});

test.each([
  ['GET', '/v1/dead-letters?reason=bored', 400, 'invalid-request'],
  ['GET', '/v1/dead-letters?cursor=eA', 400, 'invalid-request'],
  ['GET', '/v1/dead-letters/nobody', 404, 'dead-letter-not-found'],
  ['DELETE', '/v1/dead-letters/nobody', 404, 'dead-letter-not-found'],
  ['POST', '/v1/dead-letters/nobody/redrive', 404, 'dead-letter-not-found'],
])('%s %s answers %d', async (method, path, status, type) => {
  expect(await service.call(method, path)).toMatchObject({
    status,
    body: { type: `urn:perdure:problem:${type}` },
  });
});

test('a letter that is sent again goes the way of an event, and is gone', async () => {
  await listener('hears', 'heard');
  const { id } = await die(event('1', 'heard'));
  const redriven = await service.post(`/v1/dead-letters/${id}/redrive`, {});
  expect(redriven).toMatchObject({
    status: 200,
    body: { id: '1', delivered: { count: 1, executions: ['hears'] }, started: { count: 0 } },
  });
  expect((await service.call('GET', `/v1/dead-letters/${id}`)).status).toBe(404);
  const inbox = await service.call('GET', '/v1/events?type=heard&source=/shop&matched=false');
  expect(inbox.body).toMatchObject({ events: [{ event: { id: '1' }, matched: false }] });
  expect((await service.call('GET', '/v1/events?type=heard&source=/other')).body).toEqual({ events: [] });
});

test('a letter that fails again stays, with the reason of this time', async () => {
  const { id } = await die({ type: 'no event' });
  const redriven = await service.post(`/v1/dead-letters/${id}/redrive`, {});
  expect(redriven).toMatchObject({
    status: 422,
    body: {
      type: 'urn:perdure:problem:not-routed',
      detail: expect.stringContaining('not-an-event: This is no CloudEvent 1.0') as string,
      deadLetter: { id, reason: 'not-an-event', attempts: 6 },
    },
  });
  expect((await service.call('GET', `/v1/dead-letters/${id}`)).body).toMatchObject({
    reason: 'not-an-event',
  });
});

test('a letter whose content was cut cannot be sent again', async () => {
  const { id } = await die(event('1', 'cut', 'x'.repeat(1_100_000)));
  expect(await service.post(`/v1/dead-letters/${id}/redrive`, {})).toMatchObject({
    status: 422,
    body: { detail: expect.stringMatching(/^Only the beginning of its 11\d+ bytes was kept/) as string },
  });
});

test('many are sent again in the order in which they died, and those that fail stay', async () => {
  await listener('hears-many', 'many');
  for (const id of ['1', '2', '3']) await die(event(id, 'many'));
  await die({ ...(event('4', 'many') as object), specversion: '0.3' });
  await die(event('5', 'other'));
  const first = await service.post('/v1/dead-letters/redrive', { type: 'many', limit: 2 });
  expect(first).toMatchObject({ status: 200, body: { tried: 2, routed: 1, dead: 1 } });
  const { nextCursor: cursor } = first.body;
  const second = await service.post('/v1/dead-letters/redrive', { type: 'many', cursor });
  expect(second.body).toEqual({ tried: 2, routed: 2, dead: 0 });
  const left = await letters.list({ limit: 10 });
  expect(left.letters.map((letter) => letter.event.id)).toEqual(['5', '4']);
});

test('the command line lists, shows, sends again and drops', async () => {
  const { id } = await die(event('1', 'line', { order: 'A' }), { origin: 'orders[0]@7' });
  const bad = await die('gr\u0007üße');
  const list = await perdure('dead-letters', 'ls', '--type', 'line');
  expect(list.out).toMatch(new RegExp(`^ID .*\n${id}  failed  line  1  +20\\S+Z  5  +a defect\n$`));
  const shown = await perdure('dead-letters', 'show', id);
  expect(shown.out).toMatch(/^origin: +orders\[0\]@7$/m);
  expect(shown.out).toMatch(/^ {4}"order": "A"$/m);
  expect((await perdure('dead-letters', 'show', bad.id)).out).toMatch(/^gr üße$/m);

  expect(await perdure('dead-letters', 'redrive', '--all')).toMatchObject({
    code: 1,
    out: '1 of 2 were routed, 1 stay\n',
  });
  const again = await perdure('dead-letters', 'redrive', bad.id);
  expect(again).toMatchObject({ code: 1, err: expect.stringContaining('not-an-event') as string });
  expect(await perdure('dead-letters', 'drop', bad.id)).toMatchObject({
    code: 0,
    out: `dropped ${bad.id}\n`,
  });
  expect(JSON.parse((await perdure('dead-letters', 'ls', '--json')).out)).toEqual([]);
  expect(await perdure('dead-letters', 'redrive')).toMatchObject({ code: 2 });
});

test('while Temporal is away a letter stays as it was', async () => {
  await listener('away', 'away');
  const { id } = await die(event('1', 'away'));
  await service.stopTemporal();
  const redriven = await service.post(`/v1/dead-letters/${id}/redrive`, {});
  expect(redriven).toMatchObject({
    status: 503,
    body: { type: 'urn:perdure:problem:temporal-unavailable' },
  });
  expect(await letters.get(id)).toMatchObject({ letter: { reason: 'failed', attempts: 5 } });
});
