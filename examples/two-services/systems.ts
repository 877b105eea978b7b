/** The systems that the demo can run on, and the servers that they need. */
import { cassandra } from '../../test/servers/cassandra.ts';
import { consul } from '../../test/servers/consul.ts';
import { etcd } from '../../test/servers/etcd.ts';
import { ferretdb } from '../../test/servers/ferretdb.ts';
import { hbase } from '../../test/servers/hbase.ts';
import { kafka } from '../../test/servers/kafka.ts';
import { mariadb } from '../../test/servers/mariadb.ts';
import { nats } from '../../test/servers/nats.ts';
import { obtainServer } from '../../test/servers/obtain.ts';
import { postgres } from '../../test/servers/postgres.ts';
import { rabbitmq } from '../../test/servers/rabbitmq.ts';
import { redis } from '../../test/servers/redis.ts';
import type { RunningServer, TestServer } from '../../test/servers/server.ts';
import { zookeeper } from '../../test/servers/zookeeper.ts';

/** What an option can name: a system that runs on a server, or one that is part of Perdure. */
export interface Choice {
  readonly name: string;
  readonly server?: TestServer;
}

/** The two post their events to each other where there is no broker. */
export const queues: readonly Choice[] = [
  { name: 'http' },
  { name: 'kafka', server: kafka },
  { name: 'rabbitmq', server: rabbitmq },
  { name: 'nats', server: nats },
  { name: 'redis', server: redis },
];

export const stores: readonly Choice[] = [
  { name: 'sqlite' },
  { name: 'postgres', server: postgres },
  { name: 'mysql', server: mariadb },
  { name: 'mongodb', server: ferretdb },
  { name: 'cassandra', server: cassandra },
  { name: 'hbase', server: hbase },
];

export const lockSystems: readonly Choice[] = [
  { name: 'temporal' },
  { name: 'redis', server: redis },
  { name: 'zookeeper', server: zookeeper },
  { name: 'etcd', server: etcd },
  { name: 'consul', server: consul },
];

export const discoveries: readonly Choice[] = [
  { name: 'static' },
  { name: 'consul', server: consul },
  { name: 'etcd', server: etcd },
  { name: 'zookeeper', server: zookeeper },
];

export interface Servers {
  /** The URL of the server that a choice needs; undefined where it needs none. */
  urlOf(choice: Choice): string | undefined;
  stop(): Promise<void>;
}

/** Starts what the choices need, each server once. `print` gets a line when one is being started. */
export async function startServers(
  choices: readonly Choice[],
  print: (line: string) => void,
): Promise<Servers> {
  const running = new Map<TestServer, RunningServer>();
  const stop = async (): Promise<void> => {
    for (const server of [...running.values()].toReversed()) await server.stop();
  };
  try {
    for (const { name, server } of choices) {
      if (server === undefined || running.has(server)) continue;
      print(`Starting ${name}, which is installed first where it is missing.`);
      const started = await obtainServer(server);
      if (started !== undefined) running.set(server, started);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    urlOf: ({ server }) => (server === undefined ? undefined : running.get(server)?.url),
    stop,
  };
}
