import type { IPublishPacket, MqttClient } from 'mqtt';
import type { Json } from '../../../dsl/json.ts';
import { connectGuarded } from '../../../network/guarded-sockets.ts';
import { AsyncapiError } from '../asyncapi-document.ts';
import { credentialsOf } from '../credentials.ts';
import { createDeliveryQueue } from '../delivery-queue.ts';
import type { Delivery, OutboundMessage, Target, Transport, TransportContext } from '../transport.ts';

/**
 * MQTT 3.1.1, or 5 for servers that say so. The binding `qos` (1 unless it says otherwise) holds both ways: publishing
 * is confirmed with 1 and 2. Only MQTT 5 has headers (user properties) and a place for the correlation id. The client
 * confirms messages as they come in, so that what a worker had in memory when it died is not redelivered.
 */
export const mqtt: Transport = {
  wildcard: '+',

  async publish(target, message, context) {
    const isVersion5 = target.server.isMqtt5;
    if (!isVersion5 && Object.keys(message.headers).length > 0) {
      throw new AsyncapiError(
        'messages of MQTT 3.1.1 have no headers: name the protocol mqtt5, or use the payload',
      );
    }
    const client = await connect(target, context);
    try {
      const { qos, retain } = target.bindings.operation;
      await client.publishAsync(target.address, Buffer.from(message.body), {
        qos: qosOf(qos),
        retain: retain === true,
        ...(isVersion5 ? { properties: propertiesOf(message) } : {}),
      });
    } finally {
      await client.endAsync();
    }
  },

  async open(target, context) {
    const queue = createDeliveryQueue();
    const client = await connect(target, context);
    // The next message is read when this one is done.
    const take = async (packet: IPublishPacket, done: () => void): Promise<void> => {
      await queue.push(delivered(packet));
      done();
    };
    client.handleMessage = (packet: IPublishPacket, done: () => void): void => void take(packet, done);
    client.on('error', (error) => queue.fail(error));
    try {
      const granted = await client.subscribeAsync(target.address, {
        qos: qosOf(target.bindings.operation.qos),
      });
      if (granted.some(({ qos }) => qos > 2)) throw new Error('the server refused the subscription');
    } catch (error) {
      client.end(true);
      throw error;
    }
    return {
      queue,
      close: async () => {
        queue.fail(new Error('the subscription was closed'));
        await client.endAsync(true);
      },
    };
  },
};

/** Connects, and after a first success again as often as it takes: through the guard each time. */
async function connect(
  { server, authorization, bindings }: Target,
  { http, timeoutMs, signal }: TransportContext,
): Promise<MqttClient> {
  const { MqttClient: Client } = await import('mqtt');
  const credentials = credentialsOf(authorization);
  const login =
    credentials?.kind === 'token'
      ? { username: '', password: credentials.token }
      : { username: credentials?.username, password: credentials?.password };
  const { clientId } = bindings.server;
  const connected = Promise.withResolvers<void>();
  const fail = (error?: Error): void =>
    connected.reject(error ?? new Error('the server closed the connection'));
  const client = new Client(
    // The client keeps most errors of its socket to itself.
    () =>
      connectGuarded(http.guard, { host: server.host, port: server.port }, server.secure).once('error', fail),
    {
      protocolVersion: server.isMqtt5 ? 5 : 4,
      clean: true,
      connectTimeout: timeoutMs,
      reconnectPeriod: 1_000,
      ...(typeof clientId === 'string' ? { clientId } : {}),
      ...login,
    },
  );
  // Connecting again would hide why the first time failed.
  const abort = (): void => connected.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  client
    .once('connect', () => connected.resolve())
    .on('error', fail)
    .once('close', fail);
  try {
    await connected.promise;
    return client;
  } catch (error) {
    client.end(true);
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function propertiesOf({ headers, contentType, correlationId, idempotencyKey }: OutboundMessage) {
  return {
    contentType,
    ...(correlationId === undefined ? {} : { correlationData: Buffer.from(correlationId) }),
    userProperties: { ...headers, 'idempotency-key': idempotencyKey },
  };
}

function delivered({ payload, properties = {} }: IPublishPacket): Delivery {
  const { userProperties = {}, contentType, correlationData } = properties;
  return {
    body: Buffer.from(payload),
    headers: Object.fromEntries(
      Object.entries(userProperties).map(([name, value]) => [name, [value].flat().join(', ')]),
    ),
    contentType,
    correlationId: correlationData?.toString(),
    acknowledge: () => Promise.resolve(),
  };
}

function qosOf(binding: Json | undefined): 0 | 1 | 2 {
  return binding === 0 || binding === 2 ? binding : 1;
}
