/**
 * Locks in Consul by its HTTP API: `consul://:TOKEN@127.0.0.1:8500/prefix?dc=NAME&lockDelayMs=1000`, `consuls:` over TLS;
 * the prefix is `perdure/locks` where the URL has none. A lock is the key `PREFIX/MARK/row`, which the session of its
 * holder has acquired, and `PREFIX/MARK/wait/HOLDER` for each that waits. A session is a lease: Consul lets it live for
 * ten seconds at least, and ends it up to twice as late as asked for. A lock whose session ended, instead of being let go,
 * is given to nobody for the lock delay, a second unless the URL says otherwise: Consul's own help for resources that
 * know no tokens.
 */
import { openConsulClient } from '../discovery/consul-client.ts';
import type { ConsulClient } from '../discovery/consul-client.ts';
import { placeOf, tlsParameters } from '../discovery/registry-url.ts';
import { markOf, rowOf } from './lock-row.ts';
import type { WaiterRow } from './lock-row.ts';
import { parseLocksUrl, readLocksTls, refused } from './lock-url.ts';
import type { Locks } from './port.ts';
import { createRecordedLocks, patienceMs } from './recorded-locks.ts';
import type { LockRecords, SeenLock } from './recorded-locks.ts';

const answerMs = 5_000;
const shortestSessionMs = 10_000;
const defaultDelayMs = 1_000;

/** A key of Consul's store. */
interface Entry {
  readonly Key: string;
  readonly Value: string | null;
  readonly ModifyIndex: number;
  readonly CreateIndex: number;
  readonly Session?: string;
}

/** Opens the way to the agent, which connects when it is used. */
export async function openConsulLocks(url: string): Promise<Locks> {
  const parsed = parseLocksUrl(url, { port: 8500, parameters: ['dc', 'lockDelayMs', ...tlsParameters] });
  const { scheme, hosts, parameters } = parsed;
  if (hosts.length > 1) throw refused(`${scheme}: names one agent, which knows the servers`);
  const lockDelay = parameters.get('lockDelayMs') ?? String(defaultDelayMs);
  if (!/^\d{1,5}$/.test(lockDelay) || Number(lockDelay) > 60_000)
    throw refused('lockDelayMs is a whole number up to 60000');
  const client = openConsulClient(parsed, await readLocksTls(parsed, scheme === 'consuls'), answerMs);
  const dc = parameters.get('dc');
  const datacenter: Readonly<Record<string, string>> = dc === undefined ? {} : { dc };

  const ask: ConsulClient['ask'] = async (method, path, request = {}) => {
    const query = { ...request.query, ...datacenter };
    const answer = await client.ask(method, path, { ...request, query });
    const { status, text } = answer;
    // 404: there is none. 409: a transaction that found something else.
    if (status >= 400 && status !== 404 && status !== 409)
      throw new Error(`it answered ${status}: ${text.slice(0, 200)}`);
    return answer;
  };
  const prefix = parsed.path === '' ? 'perdure/locks' : parsed.path;
  return createRecordedLocks(
    consulRecords(ask, prefix, Number(lockDelay), () => client.close()),
    placeOf(parsed),
  );
}

function consulRecords(
  ask: ConsulClient['ask'],
  prefix: string,
  lockDelayMs: number,
  close: () => Promise<void>,
): LockRecords {
  const folderOf = (key: string): string => `${prefix}/${markOf(key)}/`;
  const rowKey = (key: string): string => `${folderOf(key)}row`;
  const waitKey = (key: string, holder: string): string => `${folderOf(key)}wait/${markOf(holder)}`;

  async function createSession(
    ttlMs: number,
    behavior: 'release' | 'delete',
    delayMs: number,
  ): Promise<string> {
    const seconds = Math.ceil(Math.max(ttlMs, shortestSessionMs) / 1_000);
    // Without checks the session hangs on its time to live alone, and not on the node of the agent.
    const session = {
      Name: 'perdure',
      TTL: `${seconds}s`,
      Behavior: behavior,
      LockDelay: `${delayMs}ms`,
      Checks: [],
      NodeChecks: [],
    };
    const { text } = await ask('PUT', '/v1/session/create', { body: session });
    return (JSON.parse(text) as { readonly ID: string }).ID;
  }

  const renewSession = async (id: string): Promise<boolean> =>
    (await ask('PUT', `/v1/session/renew/${id}`)).status === 200;
  const endSession = (id: string): Promise<unknown> => ask('PUT', `/v1/session/destroy/${id}`);

  async function entries(
    path: string,
    query: Readonly<Record<string, string>> = {},
  ): Promise<readonly Entry[]> {
    const { status, text } = await ask('GET', `/v1/kv/${path}`, { query: { consistent: '', ...query } });
    return status === 404 ? [] : (JSON.parse(text) as readonly Entry[]);
  }

  /** All of it, or false where one finds another state. */
  async function together(operations: readonly object[]): Promise<boolean> {
    const { status } = await ask('PUT', '/v1/txn', { body: operations.map((KV) => ({ KV })) });
    return status === 200;
  }

  const unchanged = (path: string, version: string): object =>
    version === '0'
      ? { Verb: 'check-not-exists', Key: path }
      : { Verb: 'check-index', Key: path, Index: Number(version) };

  function seenOf(key: string, found: readonly Entry[]): SeenLock & { readonly session?: string } {
    const entry = found.find(({ Key }) => Key === rowKey(key));
    const row = rowOf(textOf(entry));
    const waiters = found
      .filter(({ Key }) => Key.startsWith(`${folderOf(key)}wait/`))
      .sort((left, right) => left.CreateIndex - right.CreateIndex);
    return {
      row,
      version: String(entry?.ModifyIndex ?? 0),
      // Consul does not tell: it is no later than this.
      expiresAt:
        entry?.Session === undefined ? 0 : Date.now() + 2 * Math.max(row?.ttlMs ?? 0, shortestSessionMs),
      queue: waiters.map(({ Key }) => Key.slice(`${folderOf(key)}wait/`.length)),
      ...(entry?.Session === undefined ? {} : { session: entry.Session }),
    };
  }

  const read = async (key: string) => seenOf(key, await entries(folderOf(key), { recurse: '' }));

  return {
    read,
    async waiters(key, limit) {
      const found = await entries(`${folderOf(key)}wait/`, { recurse: '' });
      return [...found]
        .sort((left, right) => left.CreateIndex - right.CreateIndex)
        .slice(0, limit)
        .map((entry) => JSON.parse(textOf(entry) ?? '{}') as WaiterRow);
    },
    async hold({ version, row: before }, row) {
      const { key, holder, ttlMs } = row;
      const session = await createSession(ttlMs, 'release', lockDelayMs);
      const lock = { Verb: 'lock', Key: rowKey(key), Value: encoded(row), Session: session };
      const queued = { Verb: 'delete', Key: waitKey(key, holder) };
      const steps = [unchanged(rowKey(key), version), lock, queued];
      let isHeld = await together(steps);
      if (!isHeld && before?.holder === holder) {
        // Its own session has another time to live: the lock goes over to the new one in one step.
        const seen = await read(key);
        const unlock = { Verb: 'unlock', Key: rowKey(key), Value: encoded(row), Session: seen.session };
        if (seen.version === version && seen.session !== undefined)
          isHeld = await together([unchanged(rowKey(key), version), unlock, lock]);
      }
      if (!isHeld) await endSession(session);
      return isHeld;
    },
    async prolong({ version }, row) {
      const seen = await read(row.key);
      if (seen.version !== version || seen.session === undefined) return false;
      return await renewSession(seen.session);
    },
    async free({ version }, row) {
      const seen = await read(row.key);
      if (seen.version !== version) return false;
      const { session } = seen;
      const path = rowKey(row.key);
      const done = await together(
        session === undefined
          ? [{ Verb: 'cas', Key: path, Value: encoded(row), Index: Number(version) }]
          : [unchanged(path, version), { Verb: 'unlock', Key: path, Value: encoded(row), Session: session }],
      );
      if (done && session !== undefined) await endSession(session);
      return done;
    },
    async enter(key, waiter) {
      const path = waitKey(key, waiter.holder);
      const [known] = await entries(path);
      if (known?.Session !== undefined && (await renewSession(known.Session))) return;
      const session = await createSession(patienceMs, 'delete', 0);
      await together([
        { Verb: 'check-not-exists', Key: path },
        { Verb: 'lock', Key: path, Value: encoded(waiter), Session: session },
      ]);
    },
    async leave(key, holder) {
      const path = waitKey(key, holder);
      const [known] = await entries(path);
      await ask('DELETE', `/v1/kv/${path}`);
      if (known?.Session !== undefined) await endSession(known.Session);
    },
    async changed(key, before, milliseconds, signal) {
      const path = before === undefined ? rowKey(key) : `${folderOf(key)}wait/${before}`;
      const { status, text, index } = await ask('GET', `/v1/kv/${path}`, { query: { consistent: '' } });
      const [entry] = status === 404 ? [] : (JSON.parse(text) as readonly Entry[]);
      if (before !== undefined ? entry === undefined : entry?.Session === undefined) {
        // Free already: whoever is here was held up by the lock delay.
        await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 50));
        return;
      }
      await ask('GET', `/v1/kv/${path}`, {
        query: { index, wait: `${Math.max(1, Math.round(milliseconds))}ms`, consistent: '' },
        timeoutMs: Math.ceil(milliseconds * 1.1) + answerMs,
        ...(signal === undefined ? {} : { signal }),
      });
    },
    async keys(limit, cursor) {
      if (cursor !== undefined && !/^[\da-f]{40}$/.test(cursor))
        throw new TypeError('not a cursor of this list');
      const found = (await entries(`${prefix}/`, { recurse: '' })).filter(({ Key }) => Key.endsWith('/row'));
      const marks = found.map(({ Key }) => Key.slice(prefix.length + 1, -'/row'.length)).sort();
      const later = marks.filter((mark) => cursor === undefined || mark > cursor);
      const page = later.slice(0, limit);
      const rows = page.map((mark) =>
        rowOf(textOf(found.find(({ Key }) => Key === `${prefix}/${mark}/row`))),
      );
      const last = page.at(-1);
      return {
        keys: rows.flatMap((row) => (row === undefined ? [] : [row.key])),
        ...(later.length > limit && last !== undefined && { nextCursor: last }),
      };
    },
    close,
  };
}

function textOf(entry: Entry | undefined): string | undefined {
  return typeof entry?.Value === 'string' ? Buffer.from(entry.Value, 'base64').toString() : undefined;
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64');
}
