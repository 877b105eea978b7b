import { cassandra } from './cassandra.ts';
import { consul } from './consul.ts';
import { etcd } from './etcd.ts';
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
import { zookeeper } from './zookeeper.ts';

/** Every database that a store can be in. The last are not to be had from the package registries. */
export const storeServers: readonly (TestServer | NamedServer)[] = [
  postgres,
  ferretdb,
  mariadb,
  hbase,
  cassandra,
  { name: 'mysql', variable: 'PERDURE_TEST_MYSQL_URL' },
  { name: 'mongodb', variable: 'PERDURE_TEST_MONGODB_URL' },
  { name: 'tidb', variable: 'PERDURE_TEST_TIDB_URL' },
];

/** Every server that tests use. */
export const testServers: readonly (TestServer | NamedServer)[] = [
  redis,
  nats,
  mosquitto,
  rabbitmq,
  kafka,
  consul,
  etcd,
  zookeeper,
  ...storeServers,
  orderDatabases,
];
