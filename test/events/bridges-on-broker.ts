/** The service on a real broker, from the publisher to the execution. Call it at the top level of a broker's test file. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { proveExactlyOnce } from '../../bench/events/proof.ts';
import { openEvents } from '../../backends/events/open.ts';
import type { EventSystem } from '../../backends/events/open.ts';
import type { Json } from '../../dsl/json.ts';
import { findFreePort } from '../../temporal/free-port.ts';
import type { CloudEvent } from '../../workflows/contract.ts';
import { apiClient } from '../client.ts';
import type { ApiClient } from '../client.ts';
import { serverControl } from '../servers/control.ts';
import { eventually, startProcess, whenReady } from '../service-process.ts';
import type { RunningProcess } from '../service-process.ts';

export interface BrokerUnderTest {
  readonly name: string;
  /** A URL whose topics, queues or streams no other test uses. */
  readonly newUrl: () => string;
}

const root = resolve(__dirname, '../..');

/** What an operator sees of the service while its broker is away. */
interface Absence {
  readonly health: number;
  readonly ready: Json;
  readonly isAlive: boolean;
}

/** That events of a broker reach executions: late brokers, early events, and no event twice. */
export function bridgesOnBroker({ name, newUrl }: BrokerUnderTest): void {
  const control = serverControl();
  const withServer = control === undefined ? it.skip : it;

  describe(`the service on ${name}`, () => {
    let data: string;
    let running: RunningProcess;
    let events: EventSystem;
    let url: string;
    let client: ApiClient;
    let absence: Absence | undefined;

    const read = async (path: string): Promise<Response> => await fetch(`${url}${path}`);
    const health = async (): Promise<number> => (await read('/healthz')).status;

    /** Looks at the service while its broker is away, for longer than a start waits for it. */
    async function lookAtAbsence(): Promise<Absence> {
      const details = running.output;
      const says = async (): Promise<true | undefined> =>
        running.output().includes('The event system is away') || undefined;
      await eventually('the API beside a broker that is away', health, { timeoutMs: 120_000, details });
      await eventually('a bridge that goes on trying', says, { details });
      return {
        health: await health(),
        ready: (await (await read('/readyz')).json()) as Json,
        isAlive: running.child.exitCode === null,
      };
    }

    beforeAll(async () => {
      data = await mkdtemp(join(tmpdir(), 'perdure-broker-'));
      const brokerUrl = newUrl();
      const port = await findFreePort();
      url = `http://127.0.0.1:${port}`;
      client = apiClient(url);
      await control?.kill();
      running = startProcess(root, ['start'], {
        HOST: '127.0.0.1',
        PORT: String(port),
        PERDURE_DATA: data,
        PERDURE_TEMPORAL_PORT: String(await findFreePort()),
        PERDURE_TEMPORAL_UI_PORT: String(await findFreePort()),
        PERDURE_DEPLOY_EXAMPLES: 'false',
        PERDURE_EVENTS: brokerUrl,
      });
      if (control !== undefined) absence = await lookAtAbsence();
      await control?.start();
      await whenReady(url, running);
      events = await openEvents(brokerUrl);
    }, 300_000);
    afterAll(async () => {
      await events?.close();
      await running?.stop();
      await rm(data, { recursive: true, force: true });
    });

    const publish = async (id: string, type: string, more: Readonly<Record<string, Json>>): Promise<void> => {
      const event: CloudEvent = { specversion: '1.0', id, source: '/shop', type, ...more };
      await events.publisher.publish(event);
    };
    const metric = async (wanted: string): Promise<number> => {
      const page = await (await read('/metrics')).text();
      const line = page.split('\n').find((one) => one.startsWith(`${wanted} `));
      return Number(line?.slice(wanted.length) ?? Number.NaN);
    };
    /** Resolves when the broker has nothing for the bridge that is not acknowledged. */
    const caughtUp = (routed: number): Promise<unknown> =>
      eventually('an end of what is to do', async () => {
        const isDone =
          (await metric('perdure_bridge_events_routed_total')) >= routed &&
          (await metric('perdure_bridge_lag_events{group="perdure"}')) === 0;
        return isDone || undefined;
      });

    withServer(
      'goes on while its broker is away at the start, says so, and has events when it is back',
      () => {
        expect(absence).toEqual({
          health: 200,
          ready: expect.objectContaining({
            checks: expect.objectContaining({ events: 'unavailable', temporal: 'ok', store: 'ok' }) as Json,
          }) as Json,
          isAlive: true,
        });
      },
    );

    it('has an event for a listener that begins after it', async () => {
      const deployed = await client.deploy(`
document: { dsl: '1.0.3', namespace: broker, name: late, version: '1.0.0' }
do:
  - hear:
      listen: { to: { one: { with: { type: broker.early } } }, read: data }
`);
      expect(deployed.status).toBe(201);
      await publish('early', 'broker.early', { data: { order: 7 } });
      await eventually('the event in the inbox', async () => {
        const page = (await (await read('/v1/events?type=broker.early')).json()) as {
          readonly events?: readonly Json[];
        };
        return page.events?.length === 1 || undefined;
      });
      const { body } = await client.start({ workflow: 'broker/late' });
      expect((await client.ended(body.id)).output).toEqual([{ order: 7 }]);
    }, 120_000);

    it('starts a definition once for an event that the broker delivers twice', async () => {
      const deployed = await client.deploy(`
document: { dsl: '1.0.3', namespace: broker, name: started, version: '1.0.0' }
schedule: { on: { one: { with: { type: broker.start } } } }
do: [{ keep: { set: '\${ .[0].n }' } }]
`);
      expect(deployed.status).toBe(201);
      const before = await metric('perdure_bridge_events_routed_total');
      await publish('one', 'broker.start', { data: { n: 1 } });
      // Under another key it may come before, behind or beside the first.
      await publish('one', 'broker.start', { data: { n: 1 }, partitionkey: 'other' });
      await publish('two', 'broker.start', { data: { n: 2 } });
      // A broker may keep one of the two for itself.
      await caughtUp(before + 2);
      const executions = async (): Promise<readonly Json[] | undefined> => {
        const page = (await (await read('/v1/executions?workflow=broker/started')).json()) as {
          readonly executions?: readonly Json[];
        };
        return (page.executions?.length ?? 0) >= 2 ? page.executions : undefined;
      };
      expect(await eventually('both executions', executions)).toHaveLength(2);
      expect(await metric('perdure_bridge_connected')).toBe(1);
    }, 120_000);
  });

  describe(`bridges on ${name}`, () => {
    it('act on each event exactly once, in order, while they are killed and the broker is restarted', async () => {
      const lines: string[] = [];
      const proof = await proveExactlyOnce({
        root,
        events: newUrl(),
        count: 2_000,
        executions: 100,
        page: 5,
        burst: 5,
        concurrency: 100,
        bridges: 2,
        kills: 2,
        restarts: control === undefined ? 0 : 1,
        restartBroker: async () => {
          await control?.kill();
          await control?.start();
        },
        repeated: 0.02,
        seed: 20_261_126,
        print: (line) => void lines.push(line),
      });
      const { entries, twice, missing, outOfOrder } = proof.verdict;
      const { completed, deadLetters } = proof;
      expect({ entries, twice, missing, outOfOrder, completed, deadLetters, lines }).toEqual({
        entries: 2_000,
        twice: [],
        missing: [],
        outOfOrder: [],
        completed: 100,
        deadLetters: 0,
        lines: expect.any(Array) as string[],
      });
    }, 900_000);
  });
}
