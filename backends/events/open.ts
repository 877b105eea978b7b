import type { EventConsumer, EventPublisher } from './port.ts';
import type { Report } from './reconnecting.ts';

/** The event system of a process. */
export interface EventSystem {
  readonly publisher: EventPublisher;
  /** Absent where events do not come back this way: those of an HTTP sink come by `POST /v1/events`. */
  readonly consumer?: EventConsumer;
  /** Stops what still consumes, and lets go of every connection. */
  close(): Promise<void>;
}

type Open = (url: string, report: Report) => Promise<EventSystem>;

const kafka: Open = async (...given) => await (await import('./kafka.ts')).openKafkaEvents(...given);
const rabbitmq: Open = async (...given) => await (await import('./rabbitmq.ts')).openRabbitmqEvents(...given);
const nats: Open = async (...given) => await (await import('./nats.ts')).openNatsEvents(...given);
const redis: Open = async (...given) => await (await import('./redis.ts')).openRedisEvents(...given);
const sink: Open = async (url) => {
  const publisher = (await import('./http-sink.ts')).openHttpSink(url);
  return { publisher, close: () => publisher.close() };
};
const memory: Open = async () => {
  const events = (await import('./memory.ts')).openMemoryEvents();
  return { publisher: events, consumer: events, close: () => events.close() };
};

/** Every scheme that there is. Clients load only when chosen. */
const systems: Readonly<Record<string, Open>> = {
  memory,
  kafka,
  kafkas: kafka,
  amqp: rabbitmq,
  amqps: rabbitmq,
  nats,
  natss: nats,
  redis,
  rediss: redis,
  http: sink,
  https: sink,
};

/** Whether events of this system stay in the process that publishes them, so that this process has to consume them. */
export function staysInProcess(url: string): boolean {
  return url.startsWith('memory:');
}

/**
 * Opens the event system that the setting `events` names by its URL; docs/events.md has all of them. Connects when it is
 * used. Throws a TypeError for a URL that does not fit, and for a scheme that there is not: it names those that there are.
 * What a person should know later, such as a lost connection, goes to `report`.
 */
export async function openEvents(url: string, report: Report = () => undefined): Promise<EventSystem> {
  // The rest of a URL may hold a password.
  const scheme = /^([a-z][a-z\d+.-]*):/i.exec(url)?.[1]?.toLowerCase() ?? '';
  const open = Object.hasOwn(systems, scheme) ? systems[scheme] : undefined;
  if (open === undefined) {
    const known = Object.keys(systems).map((name) => (name === 'memory' ? 'memory:' : `${name}://…`));
    throw new TypeError(`events: "${scheme}:" is not supported; expected ${known.join(', ')}`);
  }
  return await open(url, report);
}
