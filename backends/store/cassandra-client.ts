import { auth, Client, errors, policies } from 'cassandra-driver';
import type { DatabaseUrl } from './database-url.ts';

/** A client that is made anew when no node answers. */
export interface CassandraConnection {
  /** Runs an operation on the client, connecting first where that is needed. */
  use<Result>(operation: (client: Client) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/**
 * Connects when first used. The driver comes back by itself while one node of the cluster is up; after an outage of all
 * of them it may keep nodes without connections for ever, and connect for others when it is closed already. So the
 * client on which no node answers is given up, and the next operation connects anew.
 */
export function cassandraConnection(address: DatabaseUrl): CassandraConnection {
  let current: Promise<Connected> | undefined;
  return {
    async use(operation) {
      const connecting = (current ??= connect(address));
      try {
        return await operation((await connecting).client);
      } catch (error) {
        if (current === connecting && isUnreachable(error)) {
          current = undefined;
          await giveUp(connecting);
        }
        throw error;
      }
    },
    async close() {
      if (current !== undefined) await giveUp(current);
    },
  };
}

interface Connected {
  readonly client: Client;
  readonly close: () => Promise<void>;
}

/** What the driver's object for a node has beside what is declared. */
interface DriverNode {
  shutdown(drain: boolean): Promise<void>;
}

async function connect(address: DatabaseUrl): Promise<Connected> {
  const client = clientFor(address);
  try {
    await client.connect();
  } catch (error) {
    await client.shutdown();
    throw error;
  }
  // The driver may put another object in a node's place, and then does not close the first.
  const nodes = new Set(client.hosts.values() as readonly object[] as readonly DriverNode[]);
  client.on('hostAdd', (node: DriverNode) => nodes.add(node));
  return {
    client,
    async close() {
      await client.shutdown();
      await Promise.all([...nodes].map((node) => node.shutdown(false)));
    },
  };
}

/** Closes a client, if it came to be one. */
async function giveUp(connecting: Promise<Connected>): Promise<void> {
  const connected = await connecting.catch(() => undefined);
  // What fails here is a connection that is broken already.
  await connected?.close().catch(() => undefined);
}

function isUnreachable(error: unknown): boolean {
  if (!(error instanceof errors.NoHostAvailableError)) return false;
  const inner = Object.values(error.innerErrors as Readonly<Record<string, unknown>>);
  return !inner.some((one) => one instanceof errors.ResponseError);
}

const defaultPort = 9042;

function clientFor(address: DatabaseUrl): Client {
  const { host, port = defaultPort, user, password, tls, own } = address;
  const { connections, connectTimeoutMs, timeoutMs } = address;
  const { loadBalancing, reconnection } = policies;
  const { localDataCenter } = own;
  const nodes =
    localDataCenter === undefined
      ? new loadBalancing.RoundRobinPolicy()
      : new loadBalancing.DCAwareRoundRobinPolicy(localDataCenter);
  return new Client({
    contactPoints: host.split(','),
    localDataCenter,
    protocolOptions: { port },
    authProvider: user === undefined ? undefined : new auth.PlainTextAuthProvider(user, password ?? ''),
    sslOptions: tls,
    // Each carries many requests at a time; to nodes that are near, far, and not used.
    pooling: { coreConnectionsPerHost: { '0': Math.min(connections, 2), '1': 1, '2': 0 } },
    policies: {
      loadBalancing: new loadBalancing.TokenAwarePolicy(nodes),
      // The driver's own waits up to ten minutes for a node that was away.
      reconnection: new reconnection.ConstantReconnectionPolicy(1_000),
    },
    socketOptions: { connectTimeout: connectTimeoutMs, readTimeout: timeoutMs },
    // What clients tell DataStax's own servers about themselves.
    monitorReporting: { enabled: false },
  });
}
