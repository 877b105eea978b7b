/** The protocols that are spoken, and the names that servers in AsyncAPI documents have for them. */

export type Protocol = 'http' | 'ws' | 'kafka' | 'amqp' | 'nats' | 'mqtt' | 'redis';

interface Spoken {
  readonly protocol: Protocol;
  readonly secure: boolean;
  readonly port: number;
}

const names: Readonly<Record<string, Spoken>> = {
  http: { protocol: 'http', secure: false, port: 80 },
  https: { protocol: 'http', secure: true, port: 443 },
  ws: { protocol: 'ws', secure: false, port: 80 },
  wss: { protocol: 'ws', secure: true, port: 443 },
  kafka: { protocol: 'kafka', secure: false, port: 9092 },
  'kafka-secure': { protocol: 'kafka', secure: true, port: 9093 },
  amqp: { protocol: 'amqp', secure: false, port: 5672 },
  amqps: { protocol: 'amqp', secure: true, port: 5671 },
  nats: { protocol: 'nats', secure: false, port: 4222 },
  mqtt: { protocol: 'mqtt', secure: false, port: 1883 },
  mqtts: { protocol: 'mqtt', secure: true, port: 8883 },
  'secure-mqtt': { protocol: 'mqtt', secure: true, port: 8883 },
  mqtt5: { protocol: 'mqtt', secure: false, port: 1883 },
  redis: { protocol: 'redis', secure: false, port: 6379 },
  rediss: { protocol: 'redis', secure: true, port: 6379 },
};

/** What a server's `protocol` means; undefined for a protocol that is not spoken. */
export function spokenProtocol(name: string): Spoken | undefined {
  const key = name.toLowerCase();
  return Object.hasOwn(names, key) ? names[key] : undefined;
}

/** Whether a server of protocol `offered` serves a call that asks for `wanted`. */
export function isSameProtocol(offered: string, wanted: string): boolean {
  if (offered.toLowerCase() === wanted) return true;
  const spoken = spokenProtocol(offered)?.protocol;
  return spoken !== undefined && spoken === spokenProtocol(wanted)?.protocol;
}

/** For messages: the protocols that are spoken. */
export const protocolNames = 'http, ws, kafka, amqp, nats, mqtt, mqtt5 and redis';
