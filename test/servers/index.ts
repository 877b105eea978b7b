import { cassandra } from './cassandra.ts';
import { ferretdb } from './ferretdb.ts';
import { hbase } from './hbase.ts';
import { kafka } from './kafka.ts';
import { mariadb } from './mariadb.ts';
import { mosquitto } from './mosquitto.ts';
import { nats } from './nats.ts';
import { orderDatabases } from './order-databases.ts';
import { postgres } from './postgres.ts';
import { rabbitmq } from './rabbitmq.ts';
import { redis } from './redis.ts';
import type { NamedServer, TestServer } from './server.ts';

/** Every server that tests use, the cheapest first. */
export const testServers: readonly (TestServer | NamedServer)[] = [
  redis,
  nats,
  mosquitto,
  postgres,
  ferretdb,
  mariadb,
  rabbitmq,
  kafka,
  hbase,
  cassandra,
  orderDatabases,
  // Not to be had from the package registries.
  { name: 'mysql', variable: 'PERDURE_TEST_MYSQL_URL' },
  { name: 'mongodb', variable: 'PERDURE_TEST_MONGODB_URL' },
  { name: 'tidb', variable: 'PERDURE_TEST_TIDB_URL' },
];
