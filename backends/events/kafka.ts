/**
 * Kafka 2.4 or newer. One topic takes the events; its partitions keep the order of keys. The key of a message is the
 * event's, spread over the partitions as Kafka's own clients do it, so that other services which publish by the same key
 * share its order. Events are written in structured mode and read in structured and binary mode.
 *
 * What this cannot promise: Kafka does not count deliveries, so that `attempt` says 1 again after a crash. What was
 * handled and could not be committed, at a crash or at a rebalance, comes again. Order by key does not hold across a
 * change of the number of partitions. A group that was away for longer than `offsets.retention.minutes` is new again. The
 * lag counts whatever is behind the first message of a partition that is not done.
 */
import {
  commonParameters,
  nameParameter,
  parseBrokerUrl,
  placeOf,
  readTlsFiles,
  wholeParameter,
  wordParameter,
} from './broker-url.ts';
import type { KafkaSettings, SaslMechanism } from './kafka-connection.ts';
import { createKafkaConsumer } from './kafka-consumer.ts';
import { createKafkaPublisher } from './kafka-publisher.ts';
import type { EventSystem } from './open.ts';
import type { Report } from './reconnecting.ts';

const parameters = ['partitions', 'from', 'sasl', ...commonParameters];

/**
 * Opens `kafka:` or, over TLS, `kafkas:`; connects when it is used. TLS is in the scheme, as with every other system: a
 * parameter is lost too easily. Throws a TypeError for a URL that does not fit.
 */
export async function openKafkaEvents(text: string, report: Report): Promise<EventSystem> {
  const secure = text.startsWith('kafkas:');
  const url = parseBrokerUrl(text, { port: secure ? 9093 : 9092, parameters });
  if (url.brokers.some(({ host }) => host.includes(':'))) {
    throw new TypeError('events: the client of Kafka takes no IPv6 addresses; name the hosts');
  }
  const topics = new Map([['topic', url.path === '' ? 'perdure.events' : url.path]]);
  const settings: KafkaSettings = {
    url,
    place: `kafka at ${placeOf(url)}`,
    topic: nameParameter({ ...url, parameters: topics }, 'topic', ''),
    partitions: wholeParameter(url, 'partitions', { fallback: 12, least: 1, most: 1_000 }),
    from: wordParameter(url, 'from', ['now', 'start']),
    mechanism: wordParameter<SaslMechanism>(url, 'sasl', ['plain', 'scram-sha-256', 'scram-sha-512']),
    tls: await readTlsFiles(url, secure),
  };
  const publisher = createKafkaPublisher(settings);
  const consumer = createKafkaConsumer(settings, report);
  return {
    publisher,
    consumer,
    close: async () => void (await Promise.all([publisher.close(), consumer.close()])),
  };
}
