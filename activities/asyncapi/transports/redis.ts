import type { Redis } from 'ioredis';
import { connectGuarded } from '../../../network/guarded-sockets.ts';
import { AsyncapiError } from '../asyncapi-document.ts';
import { credentialsOf } from '../credentials.ts';
import { createDeliveryQueue } from '../delivery-queue.ts';
import type { Target, Transport, TransportContext } from '../transport.ts';

/**
 * Redis channels, which are publish and subscribe: a message reaches who is subscribed at that moment and nobody else,
 * has no headers, and is never redelivered. The server's answer confirms that it was handed out.
 */
export const redis: Transport = {
  wildcard: '*',

  async publish(target, message, context) {
    if (Object.keys(message.headers).length > 0) {
      throw new AsyncapiError('messages of Redis have no headers: put what they say into the payload');
    }
    const client = await connect(target, context);
    try {
      await client.publish(target.address, Buffer.from(message.body));
    } finally {
      client.disconnect();
    }
  },

  async open(target, context) {
    const queue = createDeliveryQueue();
    const client = await connect(target, context);
    const onMessage = (body: Buffer): void => {
      void queue.push({ body, headers: {}, acknowledge: () => Promise.resolve() });
    };
    try {
      if (target.address.includes('*')) {
        client.on('pmessageBuffer', (_pattern: unknown, _channel: unknown, body: Buffer) => onMessage(body));
        await client.psubscribe(target.address);
      } else {
        client.on('messageBuffer', (_channel: unknown, body: Buffer) => onMessage(body));
        await client.subscribe(target.address);
      }
    } catch (error) {
      client.disconnect();
      throw error;
    }
    client.on('end', () => queue.fail(new Error('the server closed the connection')));
    return {
      queue,
      close: () => {
        client.disconnect();
        return Promise.resolve();
      },
    };
  },
};

/** Connects through the guard, later reconnects included. */
async function connect(
  { server, authorization }: Target,
  { http, timeoutMs }: TransportContext,
): Promise<Redis> {
  const { AbstractConnector, Redis: Client } = await import('ioredis');
  const { host, port, secure } = server;
  class GuardedConnector extends AbstractConnector {
    constructor() {
      super(2_000);
    }

    override connect(): Promise<ReturnType<typeof connectGuarded>> {
      this.connecting = true;
      this.stream = connectGuarded(http.guard, { host, port }, secure);
      return Promise.resolve(this.stream);
    }
  }
  const credentials = credentialsOf(authorization);
  const login =
    credentials?.kind === 'token'
      ? { password: credentials.token }
      : { username: credentials?.username, password: credentials?.password };
  let isConnected = false;
  let failure: Error | undefined;
  const client = new Client({
    Connector: GuardedConnector,
    lazyConnect: true,
    connectTimeout: timeoutMs,
    maxRetriesPerRequest: 3,
    enableReadyCheck: false,
    // The first failure is the caller's to know.
    retryStrategy: (times) => (isConnected ? Math.min(times * 200, 5_000) : null),
    ...login,
  });
  client.on('error', (error: Error) => (failure ??= error));
  try {
    await client.connect();
    isConnected = true;
    return client;
  } catch (error) {
    client.disconnect();
    throw failure ?? error;
  }
}
