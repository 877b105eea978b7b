import type { Protocol } from '../protocols.ts';
import type { Transport } from '../transport.ts';

/** Each protocol's transport; its client loads when it is first used. */
export const transports: Readonly<Record<Protocol, () => Promise<Transport>>> = {
  http: async () => (await import('./http.ts')).http,
  ws: async () => (await import('./ws.ts')).ws,
  kafka: async () => (await import('./kafka.ts')).kafka,
  amqp: async () => (await import('./amqp.ts')).amqp,
  nats: async () => (await import('./nats.ts')).nats,
  mqtt: async () => (await import('./mqtt.ts')).mqtt,
  redis: async () => (await import('./redis.ts')).redis,
};
