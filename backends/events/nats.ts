/**
 * NATS 2.9 or newer with JetStream. One stream takes the events, each lane under a subject of its own. Each group has a
 * durable pull consumer a lane; one more takes what other services publish below `others`. A lane is consumed by one
 * process at a time, who has a lease on it: a message in a second stream, whose messages expire. Order within a lane:
 * before anything else a new owner waits for what the last one had not acknowledged to be delivered again.
 *
 * The stream keeps what some group has not acknowledged (retention by interest), and refuses more than `maxBytes`: then
 * `publish` rejects, and may be tried again.
 *
 * What this cannot promise: what the servers say is stored may only be in the memory of their machine, unless they sync
 * always (`sync_interval`); with one replica, a machine that loses power loses up to two minutes. Events of one key keep
 * their order among themselves, but not beside those in `others`. The same source and id within two minutes is one event.
 */
import { commonParameters, parseBrokerUrl, placeOf, readTlsFiles, wholeParameter } from './broker-url.ts';
import { createLaneConsumer } from './lane-consumer.ts';
import { isFinalForNats, readCredentials } from './nats-connection.ts';
import type { NatsSettings } from './nats-connection.ts';
import { createNatsPublisher } from './nats-publisher.ts';
import { openNatsSession } from './nats-session.ts';
import type { EventSystem } from './open.ts';
import type { Report } from './reconnecting.ts';

const parameters = ['lanes', 'replicas', 'maxBytes', 'creds', ...commonParameters];

/** Opens `nats:` or, over TLS, `natss:`; connects when it is used. Throws a TypeError for a URL that does not fit. */
export async function openNatsEvents(text: string, report: Report): Promise<EventSystem> {
  const url = parseBrokerUrl(text, { port: 4222, parameters });
  const stream = url.path === '' ? 'perdure-events' : url.path;
  if (!/^[\w-]{1,100}$/.test(stream)) {
    throw new TypeError(
      `events: the path of a nats: URL names the stream: letters, digits, "_" and "-", found "${stream}"`,
    );
  }
  const settings: NatsSettings = {
    url,
    place: `nats at ${placeOf(url)}`,
    stream,
    lanes: wholeParameter(url, 'lanes', { fallback: 8, least: 1, most: 64 }),
    replicas: wholeParameter(url, 'replicas', { fallback: 1, least: 1, most: 5 }),
    maxBytes: url.parameters.has('maxBytes')
      ? wholeParameter(url, 'maxBytes', { fallback: 0, least: 1_000_000, most: 999_999_999_999_999 })
      : undefined,
    tls: await readTlsFiles(url, url.scheme === 'natss'),
    credentials: await readCredentials(url),
  };
  const publisher = createNatsPublisher(settings);
  const consumer = createLaneConsumer(
    {
      url,
      place: settings.place,
      isFinal: isFinalForNats,
      connect: (group, member) => openNatsSession(settings, group, member),
    },
    report,
  );
  return {
    publisher,
    consumer,
    close: async () => void (await Promise.all([publisher.close(), consumer.close()])),
  };
}
