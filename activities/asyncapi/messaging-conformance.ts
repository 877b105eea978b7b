/** What every broker's transport has to do, against the real server whose URL the environment has. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { Json, JsonObject } from '../../dsl/json.ts';
import { defaultExpressionLimits } from '../../dsl/expressions/index.ts';
import { createHttpSender } from '../../network/http-sender.ts';
import type { HttpSender } from '../../network/http-sender.ts';
import type { ReceivedMessages, ReceiveMessagesRequest } from '../../workflows/contract.ts';
import { openMemoryEvents } from '../../backends/events/memory.ts';
import type { Store } from '../../backends/store/port.ts';
import { openSqliteStore } from '../../backends/store/sqlite.ts';
import { createActivities } from '../create.ts';
import type { Activities } from '../index.ts';
import { answerJson, startPartner } from '../partner-under-test.ts';
import type { Partner } from '../partner-under-test.ts';
import { createHeldSubscriptions } from './held-subscriptions.ts';
import type { HeldSubscriptions } from './held-subscriptions.ts';

export interface BrokerUnderTest {
  /** The variable of the environment with the server's URL. */
  readonly variable: string;
  /** The protocol as AsyncAPI documents write it. */
  readonly protocol: string;
  readonly hasHeaders: boolean;
  readonly redelivers: boolean;
  /** Bindings of channels and of the operation that subscribes. */
  readonly channelBindings?: JsonObject;
  readonly operationBindings?: JsonObject;
  /** Makes what a channel needs to be there before. */
  prepare?(url: URL, address: string): Promise<void>;
}

function newEnvironment(): MockActivityEnvironment {
  return new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
}

/** A worker: activities with subscriptions of their own. */
interface Worker {
  readonly activities: Activities;
  readonly held: HeldSubscriptions;
}

export function describeMessaging(broker: BrokerUnderTest): void {
  const { protocol, variable, hasHeaders, redelivers } = broker;

  describe(`asyncapi over ${protocol}`, () => {
    let url: URL;
    let documents: Partner;
    let http: HttpSender;
    let store: Store;
    const workers: Worker[] = [];
    let channel = 0;
    let key = 0;

    beforeAll(async () => {
      const given = process.env[variable];
      if (given === undefined)
        throw new Error(`${variable} is not set: npm run test:backends starts a server`);
      url = new URL(given);
      documents = await startPartner(({ url: path }, response) => {
        const query = new URLSearchParams(path.split('?')[1]);
        answerJson(response, 200, documentOf(broker, query.get('host') ?? '', query.get('channel') ?? ''));
      });
      http = createHttpSender({ allow: [documents.host, url.host, '127.0.0.1:1'], maxRedirects: 0 });
      store = await openSqliteStore(':memory:');
    });
    afterAll(async () => {
      for (const { held } of workers) await held.close();
      await http?.close();
      await store?.close();
      await documents?.close();
    });

    const startWorker = (): Worker => {
      const held = createHeldSubscriptions();
      const source = { read: () => undefined };
      const worker = {
        held,
        activities: createActivities({ store, events: openMemoryEvents(), secrets: source, http, held }),
      };
      workers.push(worker);
      return worker;
    };
    const newChannel = async (): Promise<string> => {
      channel += 1;
      const address = `perdure.${process.pid}.${Date.now()}.${channel}`;
      await broker.prepare?.(url, address);
      return address;
    };
    const callOf = (address: string, host = url.host) => ({
      reference: '/do/0/call',
      secrets: [],
      deferred: {},
      timeoutMs: 20_000,
      maxResponseBytes: 1_500_000,
      with: {
        document: { endpoint: `${documents.origin}/asyncapi?host=${host}&channel=${address}` },
      },
    });
    const publish = async (
      address: string,
      payload: JsonObject,
      headers?: JsonObject,
      host?: string,
    ): Promise<Json> => {
      const call = callOf(address, host);
      const message = { payload, ...(headers === undefined ? {} : { headers }) };
      key += 1;
      const request = {
        ...call,
        idempotencyKey: `key-${key}`,
        with: { ...call.with, operation: 'tell', message },
      };
      const { activities } = workers[0] ?? startWorker();
      return await newEnvironment().run((given) => activities.publishMessage(given), request);
    };
    const receiving = (
      address: string,
      worker: Worker,
      subscription: string,
      receive: Partial<ReceiveMessagesRequest['receive']>,
      environment = newEnvironment(),
    ): Promise<ReceivedMessages> => {
      const call = callOf(address);
      const request: ReceiveMessagesRequest = {
        ...call,
        idempotencyKey: subscription,
        with: { ...call.with, operation: 'hear' },
        receive: {
          scope: { variables: {}, mode: 'strict', limits: defaultExpressionLimits },
          forMs: 20_000,
          endsThen: true,
          keeps: true,
          maxBytes: 1_000_000,
          ...receive,
        },
      };
      return environment.run((given) => worker.activities.receiveMessages(given), request);
    };
    const numbers = ({ messages }: ReceivedMessages): unknown[] =>
      messages.map(({ payload }) => (payload as JsonObject).n);
    /** A subscription that is known to be open: it has received message 0. */
    const opened = async (address: string, worker: Worker, subscription: string): Promise<void> => {
      const first = receiving(address, worker, subscription, { batch: 1 });
      let isThere = false;
      void first.finally(() => (isThere = true)).catch(() => undefined);
      while (!isThere) {
        await publish(address, { n: 0 });
        await Promise.race([first, new Promise((resolve) => setTimeout(resolve, 300))]);
      }
      await first;
    };

    it('brings messages in order, with headers and correlation', async () => {
      const address = await newChannel();
      const worker = startWorker();
      await opened(address, worker, `order-${address}`);
      const headers = hasHeaders ? { lang: 'fr', 'x-name': 'Zoë' } : undefined;
      for (const n of [1, 2, 3]) {
        const published = await publish(address, { n, name: 'Zoë ✓', order: 'o-1' }, headers);
        expect(published).toMatchObject({ payload: { n }, correlationId: 'o-1' });
      }
      const received = await receiving(address, worker, `order-${address}`, {
        filter: '.payload.n > 0',
        amount: 3,
      });
      expect(numbers(received)).toEqual([1, 2, 3]);
      expect(received.complete).toBe(true);
      const [first] = received.messages;
      expect(first).toMatchObject({ payload: { n: 1, name: 'Zoë ✓' }, correlationId: 'o-1' });
      if (hasHeaders) {
        expect(first?.headers).toMatchObject({ lang: 'fr', 'x-name': 'Zoë' });
        expect(JSON.stringify(first?.headers)).toMatch(/key-\d+/);
      }
    });

    it('loses nothing between two requests, and ends by its time', async () => {
      const address = await newChannel();
      const worker = startWorker();
      await opened(address, worker, `gap-${address}`);
      for (const n of [1, 2]) await publish(address, { n });
      const filter = '.payload.n > 0';
      expect(numbers(await receiving(address, worker, `gap-${address}`, { filter, batch: 1 }))).toEqual([1]);
      await publish(address, { n: 3 });
      const rest = await receiving(address, worker, `gap-${address}`, { filter, forMs: 1_500 });
      expect(numbers(rest)).toEqual([2, 3]);
      expect(rest.complete).toBe(true);
    });

    it('carries half a MiB', async () => {
      const address = await newChannel();
      const worker = startWorker();
      await opened(address, worker, `large-${address}`);
      const text = 'x'.repeat(512 * 1024);
      await publish(address, { n: 1, text });
      const filter = '.payload.n > 0';
      const { messages } = await receiving(address, worker, `large-${address}`, { filter, amount: 1 });
      expect(messages).toMatchObject([{ payload: { text } }]);
    });

    it('faults where no broker is', async () => {
      const address = await newChannel();
      await expect(publish(address, { n: 1 }, undefined, '127.0.0.1:1')).rejects.toMatchObject({
        type: 'perdure/fault',
        details: [{ type: expect.stringMatching(/communication$/) }],
      });
    });

    (redelivers ? it : it.skip)(
      'gives what a worker did not hand on to the next one',
      async () => {
        const address = await newChannel();
        const [lost, next] = [startWorker(), startWorker()];
        const subscription = `again-${address}`;
        await opened(address, lost, subscription);
        for (const n of [1, 2]) await publish(address, { n });
        const environment = newEnvironment();
        const request = { filter: '.payload.n > 0', amount: 5 };
        const cut = receiving(address, lost, subscription, request, environment);
        cut.catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, 1_500));
        environment.cancel();
        await expect(cut).rejects.toThrow();
        const again = await receiving(address, next, subscription, { filter: '.payload.n > 0', amount: 2 });
        expect(numbers(again)).toEqual([1, 2]);
      },
      90_000,
    );
  });
}

function documentOf(
  { protocol, channelBindings = {}, operationBindings = {} }: BrokerUnderTest,
  host: string,
  address: string,
): object {
  const name = protocol === 'mqtt5' ? 'mqtt' : protocol;
  return {
    asyncapi: '3.0.0',
    servers: { broker: { host, protocol } },
    channels: {
      any: {
        address,
        bindings: { [name]: channelBindings },
        messages: { any: { $ref: '#/components/messages/any' } },
      },
    },
    operations: {
      tell: { action: 'send', channel: { $ref: '#/channels/any' } },
      hear: {
        action: 'receive',
        channel: { $ref: '#/channels/any' },
        bindings: { [name]: operationBindings },
      },
    },
    components: { messages: { any: { correlationId: { location: '$message.payload#/order' } } } },
  };
}
