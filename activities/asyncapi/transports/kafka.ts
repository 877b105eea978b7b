import { Kafka, logLevel } from 'kafkajs';
import type { IHeaders, ISocketFactory, KafkaConfig, SASLOptions } from 'kafkajs';
import { createOffsetLedger } from '../../../backends/events/kafka-offsets.ts';
import type { OffsetLedger } from '../../../backends/events/kafka-offsets.ts';
import { isJsonObject } from '../../../dsl/json.ts';
import type { Json } from '../../../dsl/json.ts';
import { HttpSendError } from '../../../network/http-send-error.ts';
import { connectGuarded } from '../../../network/guarded-sockets.ts';
import { AsyncapiError } from '../asyncapi-document.ts';
import { credentialsOf } from '../credentials.ts';
import { createDeliveryQueue } from '../delivery-queue.ts';
import type { Target, Transport, TransportContext } from '../transport.ts';

/**
 * Kafka. Publishing is confirmed by all replicas in sync; the key is the correlation id, so that what belongs together
 * keeps its order. A subscription is a consumer group: that of the binding `groupId`, else one of its own, which begins
 * with what comes from then on. Offsets are committed as messages are acknowledged: the rest is redelivered to the group.
 * A topic that is published to may be created by the cluster; one that is subscribed to has to be there.
 */
export const kafka: Transport = {
  async publish(target, message, context) {
    const { client, refusal, unlessRefused } = connectTo(target, context);
    const producer = client.producer({ allowAutoTopicCreation: true });
    try {
      await unlessRefused(producer.connect());
      await producer.send({
        topic: topicOf(target),
        acks: -1,
        messages: [
          {
            key: message.correlationId,
            value: Buffer.from(message.body),
            headers: {
              'content-type': message.contentType,
              ...message.headers,
              'idempotency-key': message.idempotencyKey,
            },
          },
        ],
      });
    } catch (error) {
      throw refusal() ?? error;
    } finally {
      await producer.disconnect();
    }
  },

  async open(target, context) {
    const { client, refusal, unlessRefused } = connectTo(target, context);
    const queue = createDeliveryQueue();
    const topic = topicOf(target);
    const ownGroup = `perdure-${target.key}`;
    const consumer = client.consumer({
      groupId: textOf(target.bindings.operation.groupId) ?? ownGroup,
      allowAutoTopicCreation: false,
      retry: { retries: 5 },
    });
    const ledgers = new Map<number, OffsetLedger>();
    const joined = Promise.withResolvers<void>();
    consumer.on(consumer.events.GROUP_JOIN, () => joined.resolve());
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      const error = refusal() ?? payload.error;
      joined.reject(error);
      if (!payload.restart) queue.fail(error);
    });
    try {
      await unlessRefused(consumer.connect());
      await consumer.subscribe({ topic, fromBeginning: false });
      await consumer.run({
        autoCommit: false,
        eachMessage: async ({ partition, message }) => {
          const { offset, value, headers = {} } = message;
          const ledger = ledgers.get(partition) ?? createOffsetLedger();
          ledgers.set(partition, ledger);
          ledger.delivered(offset);
          await queue.push({
            body: value ?? new Uint8Array(),
            headers: textHeaders(headers),
            contentType: textHeaders(headers)['content-type'],
            acknowledge: async () => {
              ledger.done(offset);
              const next = ledger.committable();
              if (next === undefined) return;
              await consumer.commitOffsets([{ topic, partition, offset: next }]);
              ledger.committed(next);
            },
          });
        },
      });
      await joined.promise;
    } catch (error) {
      await consumer.disconnect().catch(() => undefined);
      throw refusal() ?? error;
    }
    return {
      queue,
      close: async () => {
        // Whoever waits for room would keep the consumer from stopping.
        queue.fail(new Error('the subscription was closed'));
        await consumer.disconnect();
      },
    };
  },
};

// The client would take an IPv6 address apart at its colons.
const seed = 'broker.of.the.document';

/** A client whose every connection, those to brokers that the cluster names included, passes the guard. */
function connectTo(
  { server, authorization, key }: Target,
  { http, timeoutMs }: TransportContext,
): {
  readonly client: Kafka;
  readonly refusal: () => HttpSendError | undefined;
  /** Waits for a connection, but not for the client to try a forbidden address again and again. */
  readonly unlessRefused: (connecting: Promise<void>) => Promise<void>;
} {
  let refused: HttpSendError | undefined;
  const forbidden = Promise.withResolvers<never>();
  forbidden.promise.catch(() => undefined);
  const socketFactory: ISocketFactory = ({ host, port, ssl, onConnect }) => {
    const secure = Object.keys(ssl ?? {}).length > 0;
    const destination = host === seed ? { host: server.host, port: server.port } : { host, port };
    const socket = connectGuarded(http.guard, destination, secure);
    socket.once(secure ? 'secureConnect' : 'connect', onConnect);
    // The client keeps the text of an error, not the error.
    socket.once('error', (error) => {
      if (!(error instanceof HttpSendError)) return;
      refused ??= error;
      if (host === seed) forbidden.reject(error);
    });
    return socket;
  };
  const config: KafkaConfig = {
    clientId: `perdure-${key.slice(0, 12)}`,
    brokers: [`${seed}:${server.port}`],
    ssl: server.secure,
    sasl: saslOf({ server, authorization }),
    socketFactory,
    connectionTimeout: Math.min(timeoutMs, 10_000),
    requestTimeout: 30_000,
    logLevel: logLevel.NOTHING,
    // Creating a topic takes the cluster a moment, in which it says that there is none.
    retry: { retries: 5, initialRetryTime: 200 },
  };
  return {
    client: new Kafka(config),
    refusal: () => refused,
    unlessRefused: (connecting) => Promise.race([connecting, forbidden.promise]),
  };
}

function saslOf({
  server,
  authorization,
}: Pick<Target, 'server' | 'authorization'>): SASLOptions | undefined {
  const credentials = credentialsOf(authorization);
  if (credentials === undefined) return undefined;
  if (credentials.kind === 'token') {
    return {
      mechanism: 'oauthbearer',
      oauthBearerProvider: () => Promise.resolve({ value: credentials.token }),
    };
  }
  const { username, password } = credentials;
  switch (server.security?.type) {
    case 'scramSha256':
      return { mechanism: 'scram-sha-256', username, password };
    case 'scramSha512':
      return { mechanism: 'scram-sha-512', username, password };
    default:
      return { mechanism: 'plain', username, password };
  }
}

function topicOf({ bindings, address }: Target): string {
  const topic = textOf(bindings.channel.topic) ?? address;
  if (/^[\w.-]{1,249}$/.test(topic)) return topic;
  throw new AsyncapiError(`"${topic}" cannot be the name of a topic`);
}

/** The text that a binding is, or the one value that its schema allows. */
function textOf(binding: Json | undefined): string | undefined {
  if (typeof binding === 'string') return binding;
  if (!isJsonObject(binding)) return undefined;
  const [only]: readonly (Json | undefined)[] = Array.isArray(binding.enum) ? binding.enum : [];
  const value = binding.const ?? binding.default ?? only;
  return typeof value === 'string' ? value : undefined;
}

function textHeaders(headers: IHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined
        ? []
        : [[name, Array.isArray(value) ? value.map(String).join(', ') : String(value)]],
    ),
  );
}
