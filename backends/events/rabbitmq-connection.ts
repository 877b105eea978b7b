import type { ChannelModel } from 'amqplib';
import type { BrokerUrl, TlsFiles } from './broker-url.ts';

export interface RabbitmqSettings {
  readonly url: BrokerUrl;
  /** For errors and logs. */
  readonly place: string;
  readonly exchange: string;
  readonly lanes: number;
  readonly deliveryLimit: number;
  readonly tls?: TlsFiles;
}

/** Connects to the first of the brokers that answers. */
export async function connectRabbitmq({ url, tls }: RabbitmqSettings): Promise<ChannelModel> {
  const { connect } = await import('amqplib');
  let failure: unknown;
  for (const { host, port } of url.brokers) {
    try {
      const connection = await connect(
        {
          protocol: url.scheme,
          hostname: host,
          port,
          vhost: url.path === '' ? '/' : encodeURIComponent(url.path),
          username: url.username ?? 'guest',
          password: url.password ?? 'guest',
          // A broker that says nothing for twice as long counts as lost.
          heartbeat: 10,
        },
        { noDelay: true, timeout: 10_000, ...tls },
      );
      // The end of a connection is told by its `close`.
      connection.on('error', () => undefined);
      return connection;
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

/** Refused credentials, a virtual host that is not there, or a queue of the same name that is not like ours. */
export function isFinalForRabbitmq(error: unknown): boolean {
  return error instanceof Error && /\b(?:403|406|530)\b/.test(error.message);
}

/** The exchanges that publishers and consumers need. */
export function exchangesOf({ exchange }: RabbitmqSettings): {
  readonly events: string;
  readonly others: string;
  readonly dead: string;
} {
  return { events: exchange, others: `${exchange}.others`, dead: `${exchange}.dead` };
}

/** Makes the exchange of events, and the one for routing keys that are no lane. Both stay as they are where they exist. */
export async function declareExchanges(connection: ChannelModel, settings: RabbitmqSettings): Promise<void> {
  const { events, others } = exchangesOf(settings);
  const channel = await connection.createChannel();
  // Its error is that of the call that failed.
  channel.on('error', () => undefined);
  await channel.assertExchange(others, 'fanout', { durable: true });
  await channel.assertExchange(events, 'topic', { durable: true, alternateExchange: others });
  await channel.close();
}
