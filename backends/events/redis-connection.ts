import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { BrokerUrl, TlsFiles } from './broker-url.ts';

export interface RedisSettings {
  readonly url: BrokerUrl;
  /** For errors and logs. */
  readonly place: string;
  readonly database: number;
  /** What the names of all keys begin with. */
  readonly stream: string;
  /** Where nobody has settled their number yet. */
  readonly lanes: number;
  /** Events that one lane takes before they are acknowledged. */
  readonly maxLength: number;
  readonly tls?: TlsFiles;
}

/** How long an answer may take, in milliseconds, before the connection counts as lost. */
const answerMs = 10_000;

/** A connection that is not made again when it ends. Fails with why it could not be made. */
export async function connectRedis({ url, database, tls }: RedisSettings): Promise<Redis> {
  const { Redis: Client } = await import('ioredis');
  const [{ host, port }] = url.brokers;
  const { username = '', password } = url;
  const client = new Client({
    host,
    port,
    ...(username === '' ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls === undefined ? {} : { tls: { ...tls } }),
    connectionName: 'perdure',
    lazyConnect: true,
    connectTimeout: 10_000,
    commandTimeout: answerMs,
    keepAlive: 10_000,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let failure: unknown;
  client.on('error', (error: unknown) => (failure ??= error));
  try {
    await client.connect();
    // By the client's own setting a database that is not there would go unnoticed, and be the first one.
    if (database !== 0) await client.select(database);
    return client;
  } catch (error) {
    client.disconnect();
    // What the client rejects with may only say that the connection is closed.
    throw failure ?? error;
  }
}

const refusals = [
  /^(?:WRONGPASS|NOAUTH|NOPERM|WRONGTYPE)/,
  /^ERR (?:invalid password|DB index|AUTH|Client sent AUTH)/,
  // Of a command in a script.
  /^ERR The user executing the script can't/,
];

/** Refused credentials or rights, a database that is not there, or keys of the same name that are not like ours. */
export function isFinalForRedis(error: unknown): boolean {
  return error instanceof Error && refusals.some((refusal) => refusal.test(error.message));
}

/** Names of the keys. */
export interface RedisKeys {
  /** How many lanes there are. */
  readonly lanes: string;
  /** The stream of a lane; the one after the last takes what other services add. */
  readonly lane: (lane: number, lanes: number) => string;
  readonly members: (group: string) => string;
  readonly lease: (group: string, lane: number) => string;
}

export function redisKeys({ stream }: RedisSettings): RedisKeys {
  return {
    lanes: `${stream}:lanes`,
    lane: (lane: number, lanes: number): string =>
      lane === lanes ? `${stream}:others` : `${stream}:lane:${lane}`,
    members: (group: string): string => `${stream}:${group}:members`,
    lease: (group: string, lane: number): string => `${stream}:${group}:lease:${lane}`,
  };
}

/** The number of lanes: that of the first who came, since the lane of a key has to be the same for everyone. */
export async function settleLanes(client: Redis, settings: RedisSettings): Promise<number> {
  const { lanes: key } = redisKeys(settings);
  await client.setnx(key, settings.lanes);
  return Number(await client.get(key));
}

/** A script that Redis runs as one step. */
export interface RedisScript {
  readonly text: string;
  readonly digest: string;
}

export function redisScript(text: string): RedisScript {
  return { text, digest: createHash('sha1').update(text).digest('hex') };
}

/** Runs a script; texts of the answer are bytes. */
export async function runScript(
  client: Redis,
  { text, digest }: RedisScript,
  keys: readonly string[],
  args: readonly (string | number | Buffer)[],
): Promise<unknown> {
  try {
    return await client.callBuffer('EVALSHA', digest, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return await client.callBuffer('EVAL', text, keys.length, ...keys, ...args);
  }
}
