/** Processes die in the worst moment: after the partner has logged a request and before it answers. */
import { readFile } from 'node:fs/promises';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiClient } from '../client.ts';
import { startPartner, type LoggedRequest, type Partner } from '../partner.ts';
import { eventually, startService } from '../service-process.ts';
import { startSplitService } from '../split-service.ts';

const root = join(__dirname, '../..');

const threeCalls = (partner: string): string => `
document: { dsl: '1.0.3', namespace: faults, name: three-calls, version: '1.0.0' }
do:
  - reserve:
      call: http
      with: { method: post, endpoint: '${partner}/reserve', body: { order: '\${ .order }' } }
      output: { as: '\${ { order: $workflow.input.order, reserve: .done } }' }
  - charge:
      call: http
      with: { method: post, endpoint: '${partner}/charge', body: { order: '\${ .order }' } }
      output: { as: '\${ $input + { charge: .done } }' }
  - ship:
      call: http
      with: { method: post, endpoint: '${partner}/ship', body: { order: '\${ .order }' } }
      output: { as: '\${ $input + { ship: .done } }' }
`;

/** A partner whose first answer to `/charge` waits until `release` is called. */
async function partnerThatHangs(): Promise<{ readonly partner: Partner; readonly release: () => void }> {
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let charges = 0;
  const partner = await startPartner(async (request) => {
    if (request.path === '/charge') {
      charges += 1;
      if (charges === 1) await held;
    }
    return { done: request.path.slice(1) };
  });
  return { partner, release: () => release() };
}

const chargesIn = (log: readonly LoggedRequest[]): string[] =>
  log.filter((request) => request.path === '/charge').map((request) => request.key);

/** Every effect under one key, and the interrupted one seen at least twice under it. */
function expectOneKeyAnEffect(log: readonly LoggedRequest[]): void {
  const keysOf = (path: string): Set<string> =>
    new Set(log.filter((entry) => entry.path === path).map((entry) => entry.key));
  expect([keysOf('/reserve').size, keysOf('/charge').size, keysOf('/ship').size]).toEqual([1, 1, 1]);
  expect(new Set(log.map((entry) => entry.key)).size).toBe(3);
  expect(chargesIn(log).length).toBeGreaterThanOrEqual(2);
}

describe('a crash between request and answer', () => {
  const running: { stop(): Promise<void> }[] = [];
  const started = <T extends { stop(): Promise<void> }>(thing: T): T => {
    running.push(thing);
    return thing;
  };

  afterEach(async () => {
    for (const thing of running.splice(0).toReversed()) await thing.stop();
  });

  test('the worker is killed: another one goes on', async () => {
    const { partner, release } = await partnerThatHangs();
    started({ stop: () => partner.close() });
    const service = started(
      await startSplitService(root, { PERDURE_OUTGOING_ALLOW: partner.url.slice('http://'.length) }),
    );
    const first = await service.startWorker();
    const client = apiClient(service.url);
    expect((await client.deploy(threeCalls(partner.url))).status).toBe(201);
    const { body } = await client.start({ workflow: 'faults/three-calls', input: { order: 'A-1' } });

    await eventually('the request in the partner', async () =>
      chargesIn(partner.log).length > 0 ? true : undefined,
    );
    await first.kill();
    release();
    await service.startWorker();

    const execution = await client.ended(body.id);
    expect(execution.status).toBe('completed');
    expect(execution.output).toEqual({ order: 'A-1', reserve: 'reserve', charge: 'charge', ship: 'ship' });
    expectOneKeyAnEffect(partner.log);
  }, 180_000);

  test('worker and Temporal server are killed: both come back on the same files', async () => {
    const { partner, release } = await partnerThatHangs();
    started({ stop: () => partner.close() });
    const data = await mkdtemp(join(tmpdir(), 'perdure-crash-'));
    started({ stop: () => rm(data, { recursive: true, force: true }) });
    const env = { PERDURE_OUTGOING_ALLOW: partner.url.slice('http://'.length), PERDURE_DATA: data };
    const before = started(await startService(root, env));
    const client = apiClient(before.url);
    expect((await client.deploy(threeCalls(partner.url))).status).toBe(201);
    const { body } = await client.start({ workflow: 'faults/three-calls', input: { order: 'B-2' } });

    await eventually('the request in the partner', async () =>
      chargesIn(partner.log).length > 0 ? true : undefined,
    );
    const record = JSON.parse(await readFile(join(data, 'temporal.json'), 'utf8')) as {
      readonly pid: number;
    };
    await before.kill();
    process.kill(record.pid, 'SIGKILL');
    release();

    const after = started(await startService(root, env));
    const execution = await apiClient(after.url).ended(body.id);
    expect(execution.status).toBe('completed');
    expect(execution.output).toEqual({ order: 'B-2', reserve: 'reserve', charge: 'charge', ship: 'ship' });
    expectOneKeyAnEffect(partner.log);
  }, 180_000);
});
