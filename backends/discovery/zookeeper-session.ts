import zookeeper from 'node-zookeeper-client';
import type { ACL, Client, Event, Exception } from 'node-zookeeper-client';

export interface SessionOptions {
  /** `host:port,host2:port`. */
  readonly hosts: string;
  /** How long the server keeps the session without a sign of life, in milliseconds; it has limits of its own. */
  readonly timeoutMs: number;
  /** `user:password` of the digest scheme; then nodes are its own, else everybody's. */
  readonly digest?: string;
  /** There is a connection again, or no longer. */
  readonly changed?: () => void;
}

type Watcher = (event: Event) => void;

/**
 * A session that is replaced when the server has ended it, and what is asked in it. Everything rejects after three
 * seconds without an answer: the client itself waits for ever.
 */
export interface Session {
  /** The names of a node's children; undefined where there is no such node. The watcher is told once of a change. */
  children(path: string, watcher: Watcher): Promise<readonly string[] | undefined>;
  /** The text of a node; undefined where there is none. */
  read(path: string): Promise<string | undefined>;
  /** Makes a node that goes when this session ends, with those above it; replaces one that is there. */
  createEphemeral(path: string, text: string): Promise<void>;
  /** Whether the node is there and this session's. */
  owns(path: string): Promise<boolean>;
  /** Removes a node, if it is there. */
  remove(path: string): Promise<void>;
  /** Makes a node that stays and those above it, where they are not there yet. */
  ensure(path: string): Promise<void>;
  /** Asks what the others do not, with the same patience. */
  readonly ask: <Result>(begin: Question<Result>) => Promise<Result>;
  /** Who may do what with the nodes that are made in this session. */
  readonly acl: ACL[];
  close(): void;
}

/** Calls the client and has it answer to `done`. */
export type Question<Result> = (
  client: Client,
  done: (error: Error | Exception | null, result: Result) => void,
) => void;

const answerMs = 3_000;
const spinDelayMs = 500;
const mostUnanswered = 3;

/** Opens a session in the background. */
export function openSession(options: SessionOptions): Session {
  let client: Client;
  let isClosed = false;
  let unanswered = 0;

  function connect(): void {
    const made = zookeeper.createClient(options.hosts, {
      sessionTimeout: options.timeoutMs,
      spinDelay: spinDelayMs,
    });
    client = made;
    if (options.digest !== undefined) made.addAuthInfo('digest', Buffer.from(options.digest));
    made.on('connected', () => options.changed?.());
    made.on('disconnected', () => options.changed?.());
    made.on('expired', () => {
      if (!isClosed && client === made) connect();
    });
    made.connect();
  }

  /** With a new session: what was this one's goes when the server ends it. */
  function replace(): void {
    unanswered = 0;
    end(client);
    connect();
  }

  async function ask<Result>(begin: Question<Result>): Promise<Result> {
    const asked = client;
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    const timer = setTimeout(() => {
      reject(new Error(`ZooKeeper gave no answer within ${answerMs} ms`));
      unanswered += 1;
      // The client waits for ever on a connection that stands and says nothing, and for the greeting of a new one.
      const isDead = asked.getState() === zookeeper.State.SYNC_CONNECTED || unanswered >= mostUnanswered;
      if (asked === client && !isClosed && isDead) replace();
    }, answerMs);
    try {
      begin(asked, (error, result) => {
        // Its exceptions are errors, which its types do not say.
        if (error instanceof Error) reject(error);
        else resolve(result);
        unanswered = 0;
      });
      return await promise;
    } finally {
      clearTimeout(timer);
    }
  }

  const acl: ACL[] = [
    new zookeeper.ACL(
      zookeeper.Permission.ALL,
      options.digest === undefined ? new zookeeper.Id('world', 'anyone') : new zookeeper.Id('auth', ''),
    ),
  ];

  async function remove(path: string): Promise<void> {
    await unless(
      zookeeper.Exception.NO_NODE,
      ask<void>((from, done) => from.remove(path, (error) => done(error))),
    );
  }

  async function ensure(path: string): Promise<void> {
    await ask<string>((from, done) => from.mkdirp(path, acl, done));
  }

  async function create(path: string, text: string): Promise<void> {
    const mode = zookeeper.CreateMode.EPHEMERAL;
    await ask<string>((from, done) => from.create(path, Buffer.from(text), acl, mode, done));
  }

  connect();
  return {
    async children(path, watcher) {
      const found = await unless(
        zookeeper.Exception.NO_NODE,
        ask<string[]>((from, done) => from.getChildren(path, watcher, done)),
      );
      // A node that is not there has no children to watch: it is watched itself.
      if (found === undefined) await ask((from, done) => from.exists(path, watcher, done));
      return found;
    },
    async read(path) {
      const data = await unless(
        zookeeper.Exception.NO_NODE,
        ask<Buffer | undefined>((from, done) => from.getData(path, done)),
      );
      return data?.toString();
    },
    async createEphemeral(path, text) {
      await ensure(path.slice(0, path.lastIndexOf('/')));
      try {
        await create(path, text);
      } catch (error) {
        if (!hasCode(error, zookeeper.Exception.NODE_EXISTS)) throw error;
        await remove(path);
        await create(path, text);
      }
    },
    async owns(path) {
      const stat = await ask<{ readonly ephemeralOwner: Buffer } | null>((from, done) =>
        from.exists(path, done),
      );
      return stat?.ephemeralOwner.equals(client.getSessionId()) ?? false;
    },
    remove,
    ensure,
    ask,
    acl,
    close() {
      isClosed = true;
      end(client);
    },
  };
}

/** Ends a session. Where there is no connection to say so, nothing may stay open either, and the client leaves that to us. */
function end(client: Client): void {
  const isConnected = client.getState() === zookeeper.State.SYNC_CONNECTED;
  client.close();
  const { connectionManager } = client as Client & {
    readonly connectionManager?: { readonly socket?: { destroy(): void } };
  };
  if (!isConnected) connectionManager?.socket?.destroy();
}

/** Whether ZooKeeper refused with this code. */
export function hasCode(error: unknown, code: number): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** What was asked for, or undefined where ZooKeeper refused with this code. */
export async function unless<Result>(code: number, asked: Promise<Result>): Promise<Result | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (hasCode(error, code)) return undefined;
    throw error;
  }
}
