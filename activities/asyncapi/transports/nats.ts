import { isIP } from 'node:net';
import type { Msg, MsgHdrs, NatsConnection, TlsOptions } from '@nats-io/transport-node';
import { resolvePermitted } from '../../../network/permitted-addresses.ts';
import { credentialsOf } from '../credentials.ts';
import { createDeliveryQueue } from '../delivery-queue.ts';
import { failureFrom } from '../failure.ts';
import type { Target, Transport, TransportContext } from '../transport.ts';

/**
 * NATS core. Publishing is confirmed by a round trip behind the message: the server has it, nobody need have listened.
 * `Nats-Msg-Id` lets JetStream drop a repeated message where a stream takes the subject. Subscriptions share messages by
 * the binding `queue`. Nothing is redelivered.
 */
export const nats: Transport = {
  wildcard: '*',

  async publish(target, message, context) {
    const connection = await connect(target, context);
    try {
      const { headers: createHeaders } = await import('@nats-io/transport-node');
      const headers = createHeaders();
      headers.set('Content-Type', message.contentType);
      headers.set('Nats-Msg-Id', message.idempotencyKey);
      headers.set('Idempotency-Key', message.idempotencyKey);
      for (const [name, value] of Object.entries(message.headers)) headers.set(name, value);
      connection.publish(subjectOf(target), message.body, { headers });
      await connection.flush();
    } finally {
      await connection.close();
    }
  },

  async open(target, context) {
    const connection = await connect(target, context);
    const queue = createDeliveryQueue();
    const { queue: group } = target.bindings.operation;
    const onMessage = (error: Error | null, message: Msg): void => {
      if (error !== null) queue.fail(error);
      else void queue.push(delivered(message));
    };
    try {
      connection.subscribe(subjectOf(target), {
        queue: typeof group === 'string' ? group : undefined,
        callback: onMessage,
      });
      await connection.flush();
    } catch (error) {
      await connection.close();
      throw error;
    }
    void connection
      .closed()
      .then((error) => queue.fail(failureFrom(error ?? 'the server closed the connection')));
    return { queue, close: () => connection.close() };
  },
};

/** Connects to an address that the guard let through, and to no other server that this one tells of. */
async function connect(
  { server, authorization }: Target,
  { http, timeoutMs }: TransportContext,
): Promise<NatsConnection> {
  const { connect: open } = await import('@nats-io/transport-node');
  const { host, port, secure } = server;
  const permitted = await resolvePermitted(http.guard, { host, port });
  const credentials = credentialsOf(authorization);
  const login =
    credentials?.kind === 'password'
      ? { user: credentials.username, pass: credentials.password }
      : { token: credentials?.token };
  return await open({
    servers: permitted.map(({ address, family }) => `${family === 6 ? `[${address}]` : address}:${port}`),
    resolve: false,
    ignoreClusterUpdates: true,
    timeout: timeoutMs,
    reconnect: true,
    maxReconnectAttempts: 10,
    ...login,
    ...(secure ? { tls: tlsFor(host) } : {}),
  });
}

/** The certificate is that of the name, not of the address; the client hands this on to Node. */
function tlsFor(host: string): TlsOptions {
  const options: TlsOptions & { readonly servername?: string } = isIP(host) ? {} : { servername: host };
  return options;
}

/** Channels are often written with slashes, subjects with dots. */
function subjectOf({ address }: Target): string {
  return address.replace(/^\//, '').replaceAll('/', '.');
}

function delivered({ data, headers }: Msg) {
  return { body: data, headers: textHeaders(headers), acknowledge: () => Promise.resolve() };
}

function textHeaders(headers: MsgHdrs | undefined): Record<string, string> {
  return Object.fromEntries(
    (headers?.keys() ?? []).map((name) => [name, headers?.values(name).join(', ') ?? '']),
  );
}
