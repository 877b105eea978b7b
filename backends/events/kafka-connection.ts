import type { Kafka, SASLOptions } from 'kafkajs';
import type { BrokerUrl, TlsFiles } from './broker-url.ts';

export type SaslMechanism = 'plain' | 'scram-sha-256' | 'scram-sha-512';

export interface KafkaSettings {
  readonly url: BrokerUrl;
  /** For errors and logs. */
  readonly place: string;
  readonly topic: string;
  /** Of a topic that does not exist yet. */
  readonly partitions: number;
  /** Where a group that is new begins. */
  readonly from: 'now' | 'start';
  readonly mechanism: SaslMechanism;
  readonly tls?: TlsFiles;
}

/** Largest batch of a topic that is made here, in bytes; Kafka's own default is too small for an event of 1 MiB. */
const maxMessageBytes = 4 * 1024 * 1024;

/** A client of the cluster; it connects when it is used. */
export async function createKafka({ url, tls, mechanism }: KafkaSettings): Promise<Kafka> {
  const { Kafka, logLevel } = await import('kafkajs');
  const { username, password } = url;
  return new Kafka({
    clientId: 'perdure',
    brokers: url.brokers.map(({ host, port }) => `${host}:${port}`),
    ssl: tls ?? false,
    ...(username === undefined ? {} : { sasl: saslOf(mechanism, username, password ?? '') }),
    connectionTimeout: 10_000,
    requestTimeout: 30_000,
    // What matters is told by the errors.
    logLevel: logLevel.NOTHING,
    retry: { retries: 4, initialRetryTime: 200, maxRetryTime: 3_000 },
  });
}

/** Makes the topic where it does not exist; one that does stays as it is. Fails with the client's errors. */
export async function ensureTopic(client: Kafka, { topic, partitions }: KafkaSettings): Promise<void> {
  const admin = client.admin();
  await admin.connect();
  try {
    await admin.fetchTopicMetadata({ topics: [topic] });
  } catch (error) {
    if (typeOf(error) !== 'UNKNOWN_TOPIC_OR_PARTITION') throw error;
    await admin.createTopics({
      waitForLeaders: true,
      topics: [
        {
          topic,
          numPartitions: partitions,
          // As many as the cluster gives by default.
          replicationFactor: -1,
          configEntries: [{ name: 'max.message.bytes', value: String(maxMessageBytes) }],
        },
      ],
    });
  } finally {
    await admin.disconnect();
  }
}

/** Refused credentials or rights. */
export function isFinalForKafka(error: unknown): boolean {
  const isRefused = typeOf(error)?.endsWith('AUTHORIZATION_FAILED') === true;
  return isRefused || nameOf(error) === 'KafkaJSSASLAuthenticationError';
}

/** What Kafka calls an error, such as "MESSAGE_TOO_LARGE". */
export function typeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('type' in error && typeof error.type === 'string') return error.type;
  return typeOf(error.cause);
}

function nameOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return error.cause === undefined ? error.name : nameOf(error.cause);
}

function saslOf(mechanism: SaslMechanism, username: string, password: string): SASLOptions {
  switch (mechanism) {
    case 'plain':
      return { mechanism, username, password };
    case 'scram-sha-256':
      return { mechanism, username, password };
    case 'scram-sha-512':
      return { mechanism, username, password };
  }
}
