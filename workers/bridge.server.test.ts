/** The bridge on a real Temporal server and a real store: what becomes of events that cannot be routed, or not now. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, type Connection } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { sweepSubscriptions } from '../backends/events/sweep-subscriptions.ts';
import { connectClient } from '../temporal/connect.ts';
import { startDevServer, type DevServer } from '../temporal/dev-server.ts';
import { createEventDelivery } from '../temporal/event-delivery.ts';
import { findTemporalCli } from '../temporal/find-cli.ts';
import { ensureNamespace } from '../temporal/namespace.ts';
import { defaultLimits } from '../workflows/contract.ts';
import { anEvent, startBridgeUnderTest, type BridgeUnderTest } from './bridge-under-test.ts';

const root = resolve(__dirname, '..');
const namespace = 'perdure-bridge';

/** Tries again until it holds. */
async function eventually(check: () => Promise<void>, seconds = 30): Promise<void> {
  const until = Date.now() + seconds * 1_000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > until) throw error;
      await delay(100);
    }
  }
}

const findCli = (): Promise<string> => findTemporalCli({ root, env: process.env, progress: () => undefined });

describe('a bridge', () => {
  let folder: string;
  let server: DevServer;
  let connection: Connection;
  let client: Client;
  let used: BridgeUnderTest;

  const startServer = async (port = 0): Promise<DevServer> =>
    startDevServer({ executable: await findCli(), data: folder, port, uiPort: 0, warn: () => undefined });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'perdure-bridge-server-'));
    server = await startServer();
    connection = await connectClient({ address: server.address, tls: false });
    await ensureNamespace(connection, { namespace, retentionDays: 1 }, () => undefined);
    client = new Client({ connection, namespace });
  }, 120_000);
  afterAll(async () => {
    await connection?.close();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    used = await startBridgeUnderTest(client);
  });
  afterEach(() => used.stop());

  const deadReasons = async (): Promise<readonly string[]> => {
    const { letters } = await used.routing.deadLetters.list({ limit: 100 });
    return letters.map(({ event, reason }) => `${event.id} ${reason}`);
  };

  test('sets aside what is no event and what is too large, and goes on with what is behind', async () => {
    await used.listener('behind', 'b.behind');
    // What came through the broker of a careless sender; the port of publishers would not take it.
    const publish = (content: object): Promise<void> =>
      used.events.publish(content as ReturnType<typeof anEvent>);
    await publish({ id: '1', source: '/bridge', subject: '' });
    await publish(anEvent('b.behind', '2', { data: 'x'.repeat(1_600_000) }));
    await publish(anEvent('b.behind', '3'));
    await eventually(async () => expect(await used.signals('behind')).toEqual([['3']]));
    await eventually(async () => expect(await deadReasons()).toEqual(['2 too-large', '1 not-an-event']));
    const { letters } = await used.routing.deadLetters.list({ limit: 10 });
    expect(letters[0]).toMatchObject({ complete: false, attempts: 1, bytes: expect.any(Number) as number });
    expect(letters[1]?.detail).toContain('/specversion is required; /type is required; /subject must not be');
    expect(await used.metric('perdure_bridge_events_dead_total{reason="too-large"}')).toBe(1);
    expect(await used.metric('perdure_bridge_events_received_total')).toBe(3);
    expect(await used.metric('perdure_bridge_events_routed_total')).toBe(1);
    expect(await used.metric('perdure_bridge_events_in_flight')).toBe(0);
    expect(used.log).toContainEqual(
      expect.objectContaining({
        reason: 'too-large',
        msg: expect.stringContaining('perdure dead-letters show 0') as string,
      }),
    );
  });

  test('an event that starts a definition it does not fit beside is dead, and lives when the definition is smaller', async () => {
    const definition = (version: string, filler: number): string =>
      `document: { dsl: '1.0.3', namespace: bridge, name: large, version: '${version}' }
schedule: { on: { one: { with: { type: b.large } } } }
do: [{ hold: { set: { filler: '${'x'.repeat(filler)}' } } }]`;
    await used.listener('also', 'b.large');
    await used.deploy(definition('1.0.0', 1_000_000));
    await used.events.publish(anEvent('b.large', '1', { data: 'x'.repeat(995_000) }));
    await eventually(async () => expect(await deadReasons()).toEqual(['1 too-large']));
    const [letter] = (await used.routing.deadLetters.list({ limit: 1 })).letters;
    const id = letter?.id ?? '';
    expect(letter).toMatchObject({ complete: true, attempts: 1, reached: ['["also","also"]'] });
    expect(await used.routing.redrive.one(id)).toMatchObject({
      outcome: 'dead',
      letter: { id, reason: 'too-large', attempts: 2 },
    });
    await used.deploy(definition('1.1.0', 10));
    expect(await used.routing.redrive.one(id)).toMatchObject({
      outcome: 'routed',
      routed: { delivered: [], started: [expect.stringMatching(/^large-/)] },
    });
    expect(await deadReasons()).toEqual([]);
    expect(await used.routing.redrive.one(id)).toEqual({ outcome: 'missing' });
    // Whoever had it at the first try did not get it again.
    expect(await used.signals('also')).toEqual([['1']]);
  });

  test('holds what it has while Temporal is away, in order, and loses and sets aside nothing', async () => {
    await used.listener('patient', 'b.patient');
    await used.events.publish(anEvent('b.patient', '0'));
    await eventually(async () => expect(await used.signals('patient')).toHaveLength(1));
    const port = Number(server.address.split(':')[1]);
    await server.stop();
    for (const id of ['1', '2', '3', '4']) await used.events.publish(anEvent('b.patient', id));
    await eventually(async () => {
      expect(used.log.map(({ msg }) => msg)).toContainEqual(
        expect.stringContaining('Temporal or the store does not answer'),
      );
    });
    // Longer than the tries of an event that is refused would take.
    await delay(8_000);
    server = await startServer(port);
    await eventually(async () => {
      expect((await used.signals('patient')).flat()).toEqual(['0', '1', '2', '3', '4']);
    }, 60);
    expect(await deadReasons()).toEqual([]);
    await eventually(async () => expect(used.log.map(({ msg }) => msg)).toContain('events go on'));
    expect(await used.metric('perdure_bridge_tries_failed_total{failure="away"}')).toBeGreaterThan(0);
  }, 120_000);

  test('holds what it has while the store is away', async () => {
    await used.listener('stored', 'b.stored');
    // Another process that writes and does not end its transaction.
    const script = `const { DatabaseSync } = require('node:sqlite');
      const database = new DatabaseSync(${JSON.stringify(used.storeFile)});
      database.exec('BEGIN IMMEDIATE'); console.log('held'); setTimeout(() => process.exit(), 7_000);`;
    const holder = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(holder.stdout, 'data');
    for (const id of ['1', '2']) await used.events.publish(anEvent('b.stored', id));
    await eventually(async () => expect((await used.signals('stored')).flat()).toEqual(['1', '2']), 60);
    expect(holder.exitCode).toBe(0);
    expect(await deadReasons()).toEqual([]);
  }, 120_000);

  test('gives back at its end what waits for Temporal, and says so to nobody as done', async () => {
    await used.listener('given-back', 'b.back');
    const port = Number(server.address.split(':')[1]);
    await server.stop();
    await used.events.publish(anEvent('b.back', '1'));
    await eventually(async () => {
      expect(await used.metric('perdure_bridge_tries_failed_total{failure="away"}')).toBeGreaterThan(0);
    });
    expect(await used.metric('perdure_bridge_lag_events{group="perdure"}')).toBe(1);
    await used.bridge.stop();
    expect(used.bridge.state()).toBe('stopping');
    expect(() => used.bridge.checkReady()).toThrow('the event system is stopping');
    expect(await used.metric('perdure_bridge_events_in_flight')).toBe(0);
    expect(await used.metric('perdure_bridge_events_routed_total')).toBe(0);
    server = await startServer(port);
  }, 120_000);

  test('sends one execution five signals a second in the long run, with what comes faster in them, in order', async () => {
    await used.stop();
    used = await startBridgeUnderTest(client, { signalsPerSecond: 5 });
    await used.listener('paced', 'b.paced');
    const ids = Array.from({ length: 300 }, (_, n) => String(n));
    const begun = Date.now();
    for (const id of ids) {
      // Two keys, which come to the execution side by side.
      await used.events.publish(
        anEvent('b.paced', id, { partitionkey: Number(id) % 2 === 0 ? 'even' : 'odd' }),
      );
      await delay(10);
    }
    await eventually(async () => expect((await used.signals('paced')).flat()).toHaveLength(300));
    const seconds = (Date.now() - begun) / 1_000;
    const signals = await used.signals('paced');
    expect(signals.length).toBeLessThanOrEqual(5 + 5 * seconds);
    const inOrder = (remainder: number): boolean => {
      const own = signals
        .flat()
        .map(Number)
        .filter((n) => n % 2 === remainder);
      return own.every((n, index) => n === 2 * index + remainder);
    };
    expect([inOrder(0), inOrder(1)]).toEqual([true, true]);
  });

  test('removes the subscriptions of executions that were terminated, before any event comes for them', async () => {
    for (const id of ['gone', 'stays']) await used.listener(id, 'b.swept');
    await client.workflow.getHandle('gone').terminate();
    const delivery = createEventDelivery(client, {
      taskQueue: 'none',
      limits: defaultLimits,
      signalsPerSecond: 5,
    });
    expect(await delivery.stateOf('no such execution')).toBe('unknown');
    expect(await sweepSubscriptions(used.store, delivery)).toEqual({ removed: 1 });
    const [routed] = await used.routing.router.route([anEvent('b.swept', '1')]);
    expect(routed?.delivered).toEqual(['stays']);
  });
});

describe('a bridge whose Temporal refuses events', () => {
  let environment: TestWorkflowEnvironment;
  let used: BridgeUnderTest;

  beforeAll(async () => {
    const limits = ['warn=10000', 'error=20000'].flatMap((limit) => [
      '--dynamic-config-value',
      `limit.blobSize.${limit}`,
    ]);
    environment = await TestWorkflowEnvironment.createLocal({
      server: {
        executable: { type: 'existing-path', path: await findCli() },
        namespace,
        extraArgs: limits,
      },
    });
    used = await startBridgeUnderTest(environment.client);
  }, 120_000);
  afterAll(async () => {
    await used?.stop();
    await environment?.teardown();
  });

  test('sets the one aside and takes no other with it', async () => {
    await used.listener('picky', 'b.picky');
    for (const id of ['1', '2', '3', '4']) {
      const more: Readonly<Record<string, string>> = id === '3' ? { data: 'x'.repeat(30_000) } : {};
      await used.events.publish(anEvent('b.picky', id, more));
    }
    await eventually(async () => expect((await used.signals('picky')).flat()).toEqual(['1', '2', '4']));
    await eventually(async () => {
      const { letters } = await used.routing.deadLetters.list({ limit: 10 });
      expect(letters).toEqual([
        expect.objectContaining({
          reason: 'too-large',
          event: { id: '3', source: '/bridge', type: 'b.picky' },
          detail: expect.stringContaining('Blob data size exceeds limit') as string,
          complete: true,
        }),
      ]);
    });
  });
});
