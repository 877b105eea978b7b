import type { ChannelModel, ConfirmChannel, ConsumeMessage } from 'amqplib';
import { isJsonObject } from '../../../dsl/json.ts';
import type { Json, JsonObject } from '../../../dsl/json.ts';
import { resolvePermitted } from '../../../network/permitted-addresses.ts';
import { credentialsOf } from '../credentials.ts';
import { createDeliveryQueue } from '../delivery-queue.ts';
import { failureFrom } from '../failure.ts';
import type { Target, Transport, TransportContext } from '../transport.ts';

/**
 * AMQP 0-9-1. Publishing is confirmed by the broker and fails where no queue takes the message. The bindings say what
 * the channel is: a routing key (of `exchange`, the default one without a name) or a queue. Without a queue of its own a
 * subscription to a routing key gets one for as long as it is connected. Messages are acknowledged one by one; the rest
 * is redelivered.
 */
export const amqp: Transport = {
  wildcard: '*',

  async publish(target, message, context) {
    const connection = await connect(target, context);
    try {
      const channel = await connection.createConfirmChannel();
      const failed = failureOf(connection, channel);
      let isReturned = false;
      channel.on('return', () => (isReturned = true));
      const { exchange, routingKey } = destinationOf(target);
      channel.publish(exchange, routingKey, Buffer.from(message.body), {
        persistent: true,
        mandatory: true,
        contentType: message.contentType,
        messageId: message.idempotencyKey,
        correlationId: message.correlationId,
        headers: { ...message.headers, 'idempotency-key': message.idempotencyKey },
      });
      await Promise.race([channel.waitForConfirms(), failed]);
      if (isReturned) throw new Error('no queue takes the message');
    } finally {
      await connection.close().catch(() => undefined);
    }
  },

  async open(target, context) {
    const connection = await connect(target, context);
    try {
      const channel = await connection.createConfirmChannel();
      const queue = createDeliveryQueue();
      const failed = failureOf(connection, channel);
      failed.catch((error: unknown) => queue.fail(failureFrom(error)));
      await channel.prefetch(prefetch);
      const name = await Promise.race([queueOf(target, channel), failed]);
      const onMessage = (message: ConsumeMessage | null): void => {
        if (message === null) queue.fail(new Error('the broker removed the queue'));
        else void queue.push(delivered(message, channel));
      };
      await Promise.race([channel.consume(name, onMessage), failed]);
      return { queue, close: () => connection.close().catch(() => undefined) };
    } catch (error) {
      await connection.close().catch(() => undefined);
      throw error;
    }
  },
};

/** Messages that the broker hands out without an acknowledgement: more than a subscription collects at a time. */
const prefetch = 2_000;

/** Connects to an address that the guard let through; the certificate is checked for the name. */
async function connect(
  { server, authorization, bindings }: Target,
  { http, timeoutMs }: TransportContext,
): Promise<ChannelModel> {
  const { connect: open } = await import('amqplib');
  const { host, port, secure } = server;
  const [address] = await resolvePermitted(http.guard, { host, port });
  const credentials = credentialsOf(authorization);
  const login =
    credentials?.kind === 'token'
      ? { username: '', password: credentials.token }
      : { username: credentials?.username ?? 'guest', password: credentials?.password ?? 'guest' };
  const vhost = namedIn(bindings.channel, 'queue', 'vhost') ?? namedIn(bindings.channel, 'exchange', 'vhost');
  const connection = await open(
    {
      protocol: secure ? 'amqps' : 'amqp',
      hostname: address?.address ?? host,
      port,
      vhost: vhost ?? (decodeURIComponent(server.path.slice(1)) || '/'),
      heartbeat: 30,
      ...login,
    },
    { servername: host, timeout: timeoutMs },
  );
  // Each failure is also told where it matters.
  connection.on('error', () => undefined);
  return connection;
}

/** Rejects when the connection or the channel ends. */
function failureOf(connection: ChannelModel, channel: ConfirmChannel): Promise<never> {
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined);
  for (const emitter of [channel, connection]) {
    emitter.on('error', (error: Error) => failure.reject(error));
    emitter.on('close', () => failure.reject(new Error('the broker closed the connection')));
  }
  return failure.promise;
}

function destinationOf({ bindings, address }: Target): {
  readonly exchange: string;
  readonly routingKey: string;
} {
  const { channel } = bindings;
  if (channel.is === 'queue') {
    return { exchange: '', routingKey: namedIn(channel, 'queue', 'name') ?? address };
  }
  return { exchange: namedIn(channel, 'exchange', 'name') ?? '', routingKey: address };
}

/** The queue to consume: the one that is there, or one of our own that the exchange fills. */
async function queueOf({ bindings, address }: Target, channel: ConfirmChannel): Promise<string> {
  const named = namedIn(bindings.channel, 'queue', 'name');
  const exchange = namedIn(bindings.channel, 'exchange', 'name') ?? '';
  if (bindings.channel.is === 'queue' || exchange === '') {
    const { queue } = await channel.checkQueue(named ?? address);
    return queue;
  }
  const own =
    named === undefined
      ? await channel.assertQueue('', { exclusive: true, autoDelete: true })
      : await channel.assertQueue(named, { durable: isTrue(bindings.channel, 'queue', 'durable') });
  await channel.bindQueue(own.queue, exchange, address);
  return own.queue;
}

function delivered(message: ConsumeMessage, channel: ConfirmChannel) {
  const { properties, content } = message;
  const headers = Object.entries(properties.headers ?? {});
  const contentType: unknown = properties.contentType;
  const correlationId: unknown = properties.correlationId;
  return {
    body: content,
    headers: Object.fromEntries(
      headers.map(([name, value]) => [
        name,
        typeof value === 'object' ? JSON.stringify(value) : String(value),
      ]),
    ),
    ...(typeof contentType === 'string' ? { contentType } : {}),
    ...(typeof correlationId === 'string' ? { correlationId } : {}),
    acknowledge: () => {
      channel.ack(message);
      return Promise.resolve();
    },
  };
}

function namedIn(binding: JsonObject, part: string, name: string): string | undefined {
  const value = memberOf(binding, part, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** `durable` is true unless the binding says otherwise. */
function isTrue(binding: JsonObject, part: string, name: string): boolean {
  return memberOf(binding, part, name) !== false;
}

function memberOf(binding: JsonObject, part: string, name: string): Json | undefined {
  const holder = binding[part];
  return isJsonObject(holder) ? holder[name] : undefined;
}
