import { hbase } from './hbase.ts';
import { kafka } from './kafka.ts';
import { mosquitto } from './mosquitto.ts';
import { nats } from './nats.ts';
import { rabbitmq } from './rabbitmq.ts';
import { redis } from './redis.ts';
import type { TestServer } from './server.ts';

/** Every server that tests use, the cheapest first. */
export const testServers: readonly TestServer[] = [redis, nats, mosquitto, rabbitmq, kafka, hbase];
