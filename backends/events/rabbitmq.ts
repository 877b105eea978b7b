/**
 * RabbitMQ 3.10 or newer. A topic exchange takes the events. A routing key of Perdure's publisher is the number of the
 * event's lane; each group has a quorum queue a lane, and the broker lets one consumer at a time have it ("single active
 * consumer"): that keeps order by key without the plugin for consistent hashing, which is not everywhere. Whatever comes
 * with another routing key, from other services, goes to one more queue of each group, through the alternate exchange.
 *
 * What this cannot promise: an event that ends its consumer's process `deliveryLimit` times is moved to the group's
 * queue of dead letters, and later events of its key go on without it. Order by key holds among events of one
 * publisher, and neither between Perdure's events and those with other routing keys, nor across a change of `lanes`. The
 * lag leaves out what other consumers of the group have in hand: the broker does not tell.
 */
import {
  commonParameters,
  nameParameter,
  parseBrokerUrl,
  placeOf,
  readTlsFiles,
  wholeParameter,
} from './broker-url.ts';
import type { EventSystem } from './open.ts';
import type { RabbitmqSettings } from './rabbitmq-connection.ts';
import { createRabbitmqConsumer } from './rabbitmq-consumer.ts';
import { createRabbitmqPublisher } from './rabbitmq-publisher.ts';
import type { Report } from './reconnecting.ts';

const parameters = ['exchange', 'lanes', 'deliveryLimit', ...commonParameters];

/** Opens `amqp:` or `amqps:`; connects when it is used. Throws a TypeError for a URL that does not fit. */
export async function openRabbitmqEvents(text: string, report: Report): Promise<EventSystem> {
  const url = parseBrokerUrl(text, { port: text.startsWith('amqps:') ? 5671 : 5672, parameters });
  const settings: RabbitmqSettings = {
    url,
    place: `rabbitmq at ${placeOf(url)}`,
    exchange: nameParameter(url, 'exchange', 'perdure.events'),
    lanes: wholeParameter(url, 'lanes', { fallback: 8, least: 1, most: 256 }),
    deliveryLimit: wholeParameter(url, 'deliveryLimit', { fallback: 20, least: 1, most: 1_000_000 }),
    tls: await readTlsFiles(url, url.scheme === 'amqps'),
  };
  const publisher = createRabbitmqPublisher(settings);
  const consumer = createRabbitmqConsumer(settings, report);
  return {
    publisher,
    consumer,
    close: async () => void (await Promise.all([publisher.close(), consumer.close()])),
  };
}
