/**
 * Redis 6.2 or newer: one primary that keeps an append-only file. Each lane is a stream, and each group of consumers a
 * consumer group of all of them; one more stream, `others`, takes what other services add. A lane is read by one consumer
 * at a time, who has a lease on it: the script that reads looks at the lease, so that a consumer which was thought dead
 * reads nothing more. What the one before had pending comes first, in its order, with Redis' own count of deliveries.
 *
 * Nothing is trimmed that a group has not acknowledged. A lane that holds `maxLength` events takes no more: `publish`
 * rejects, and may be tried again.
 *
 * What this cannot promise: Redis answers before it is certain that the event outlives the machine. With `appendfsync
 * everysec` a machine that loses power loses up to two seconds of events, acknowledgements and leases; a replica that
 * takes over loses what had not reached it. With `appendonly no` a restart loses everything. Events of one key keep their
 * order among themselves, but not beside those in `others`. An event that is published twice is there twice.
 */
import {
  commonParameters,
  nameParameter,
  parseBrokerUrl,
  placeOf,
  readTlsFiles,
  wholeParameter,
} from './broker-url.ts';
import { createLaneConsumer } from './lane-consumer.ts';
import type { EventSystem } from './open.ts';
import { isFinalForRedis } from './redis-connection.ts';
import type { RedisSettings } from './redis-connection.ts';
import { createRedisPublisher } from './redis-publisher.ts';
import { openRedisSession } from './redis-session.ts';
import type { Report } from './reconnecting.ts';

const parameters = ['stream', 'lanes', 'maxLength', ...commonParameters];

/** Opens `redis:` or `rediss:`; connects when it is used. Throws a TypeError for a URL that does not fit. */
export async function openRedisEvents(text: string, report: Report): Promise<EventSystem> {
  const url = parseBrokerUrl(text, { port: 6379, parameters });
  if (url.brokers.length > 1) {
    throw new TypeError('events: redis: takes one host, that of the primary; a cluster is not supported');
  }
  const settings: RedisSettings = {
    url,
    place: `redis at ${placeOf(url)}`,
    database: databaseOf(url.path),
    stream: nameParameter(url, 'stream', 'perdure.events'),
    lanes: wholeParameter(url, 'lanes', { fallback: 8, least: 1, most: 64 }),
    maxLength: wholeParameter(url, 'maxLength', { fallback: 100_000, least: 1, most: 1_000_000_000 }),
    tls: await readTlsFiles(url, url.scheme === 'rediss'),
  };
  const publisher = createRedisPublisher(settings);
  const { place } = settings;
  const consumer = createLaneConsumer(
    {
      url,
      place,
      isFinal: isFinalForRedis,
      connect: (group, member) => openRedisSession(settings, group, member),
    },
    report,
  );
  return {
    publisher,
    consumer,
    close: async () => void (await Promise.all([publisher.close(), consumer.close()])),
  };
}

function databaseOf(path: string): number {
  if (path === '') return 0;
  if (/^\d{1,4}$/.test(path)) return Number(path);
  throw new TypeError(`events: the path of a redis: URL is the number of a database, found "${path}"`);
}
