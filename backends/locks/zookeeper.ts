/**
 * Locks in ZooKeeper: `zookeeper://user:password@host:2181,host2:2181/path`, without TLS; the path is `perdure/locks` where
 * the URL has none. A lock is the node `/PATH/MARK`, which stays: it names the holder, who may go on from another process,
 * so that it belongs to no session. Each renewal writes it, and the time of that, which is the server's own, begins the
 * lease. Who waits is an ephemeral sequential node below it, and watches the one before. Whatever is written has been
 * agreed to by a majority of the servers before it is answered.
 */
import zookeeper from 'node-zookeeper-client';
import type { Stat } from 'node-zookeeper-client';
import { hostsText, placeOf } from '../discovery/registry-url.ts';
import { hasCode, openSession, unless } from '../discovery/zookeeper-session.ts';
import type { Session } from '../discovery/zookeeper-session.ts';
import { markOf, rowOf } from './lock-row.ts';
import type { LockRow, WaiterRow } from './lock-row.ts';
import { parseLocksUrl, refused } from './lock-url.ts';
import type { Locks } from './port.ts';
import { createRecordedLocks, patienceMs } from './recorded-locks.ts';
import type { LockRecords } from './recorded-locks.ts';
import { createServerClock } from './server-clock.ts';
import { createWakeUps } from './wake-ups.ts';

/** How long who waits is kept in the queue after its process has gone. */
const sessionMs = 10_000;

// Every lock that there ever was is a node: a page looks at so many.
const scanned = 500;

const { NO_NODE, NODE_EXISTS, BAD_VERSION } = zookeeper.Exception;
const waitName = /^wait-([\da-f]{40})-(\d+)$/;

/** Opens a session in the background. */
export function openZookeeperLocks(url: string): Locks {
  const parsed = parseLocksUrl(url, { port: 2181, parameters: [] });
  const { hosts, username, password = '' } = parsed;
  if (hosts.some(({ host }) => host.includes(':')))
    throw refused('zookeeper: has no IPv6 addresses: use names');
  const wakeUps = createWakeUps();
  const watched = new Set<string>();
  const session = openSession({
    hosts: hostsText(hosts),
    timeoutMs: sessionMs,
    ...(username === undefined ? {} : { digest: `${username}:${password}` }),
    changed: () => {
      // Watches go with their session, and what happened meanwhile nobody told.
      watched.clear();
      wakeUps.wakeAll();
    },
  });
  const base = `/${parsed.path === '' ? 'perdure/locks' : parsed.path}`;
  return createRecordedLocks(zookeeperRecords(session, base, watched, wakeUps), placeOf(parsed));
}

interface WaiterNode {
  readonly name: string;
  readonly mark: string;
}

function zookeeperRecords(
  session: Session,
  base: string,
  watched: Set<string>,
  wakeUps: ReturnType<typeof createWakeUps>,
): LockRecords {
  const { ask, acl } = session;
  const pathOf = (key: string): string => `${base}/${markOf(key)}`;
  const clock = createServerClock(async () => {
    const path = `${base}/clock`;
    await session.ensure(path);
    return mtimeOf(await ask<Stat>((client, done) => client.setData(path, Buffer.from('0'), done)));
  });

  async function readRow(path: string): Promise<{ readonly row?: LockRow; readonly stat: Stat } | undefined> {
    return await unless(
      NO_NODE,
      ask((client, done) =>
        client.getData(path, (error, data: Buffer | undefined, stat) => {
          done(error, { row: rowOf(data?.toString()), stat });
        }),
      ),
    );
  }

  async function waiterNodes(path: string): Promise<readonly WaiterNode[]> {
    const names =
      (await unless(
        NO_NODE,
        ask<string[]>((client, done) => client.getChildren(path, done)),
      )) ?? [];
    return names
      .flatMap((name) => {
        const [, mark, number] = waitName.exec(name) ?? [];
        return mark === undefined ? [] : [{ name, mark, number: Number(number) }];
      })
      .sort((left, right) => left.number - right.number);
  }

  /** The queue without those in front that do not ask any more, though their processes live. */
  async function present(path: string): Promise<readonly WaiterNode[]> {
    const nodes = await waiterNodes(path);
    for (const [index, { name }] of nodes.entries()) {
      const stat = await ask<Stat | null>((client, done) => client.exists(`${path}/${name}`, done));
      if (stat !== null && mtimeOf(stat) + patienceMs > (await clock.now())) return nodes.slice(index);
      await session.remove(`${path}/${name}`);
    }
    return [];
  }

  /** Writes the row if it is still that of this version. */
  async function write(version: string, row: LockRow): Promise<boolean> {
    const path = pathOf(row.key);
    const data = Buffer.from(JSON.stringify(row));
    try {
      if (version === '') {
        await session.ensure(base);
        await ask((client, done) => client.create(path, data, acl, zookeeper.CreateMode.PERSISTENT, done));
      } else
        clock.saw(mtimeOf(await ask((client, done) => client.setData(path, data, Number(version), done))));
      return true;
    } catch (error) {
      if (hasCode(error, BAD_VERSION) || hasCode(error, NODE_EXISTS)) return false;
      throw error;
    }
  }

  /** Tells who expects this path of its next change; with one watch however many do. */
  function watcherOf(path: string): (() => void) | undefined {
    if (watched.has(path)) return undefined;
    watched.add(path);
    return () => {
      watched.delete(path);
      wakeUps.wake(path);
    };
  }

  return {
    async read(key) {
      const path = pathOf(key);
      const [found, queue] = await Promise.all([readRow(path), present(path)]);
      const { row, stat } = found ?? {};
      const isHeld = row !== undefined && row.holder !== '' && stat !== undefined;
      const left = isHeld ? mtimeOf(stat) + row.ttlMs - (await clock.now()) : -1;
      return {
        row,
        version: stat === undefined ? '' : String(stat.version),
        expiresAt: Date.now() + left,
        queue: queue.map(({ mark }) => mark),
      };
    },
    async waiters(key, limit) {
      const nodes = (await waiterNodes(pathOf(key))).slice(0, limit);
      const texts = await Promise.all(nodes.map(({ name }) => session.read(`${pathOf(key)}/${name}`)));
      return texts.flatMap((text) => (text === undefined ? [] : [JSON.parse(text) as WaiterRow]));
    },
    async hold({ version }, row) {
      const path = pathOf(row.key);
      const own = (await waiterNodes(path)).filter(({ mark }) => mark === markOf(row.holder));
      if (own.length === 0 || version === '') return await write(version, row);
      const transaction = (client: Parameters<Parameters<typeof ask>[0]>[0]) => {
        const begun = client.transaction().setData(path, Buffer.from(JSON.stringify(row)), Number(version));
        for (const { name } of own) begun.remove(`${path}/${name}`, -1);
        return begun;
      };
      try {
        await ask((client, done) => transaction(client).commit(done));
        return true;
      } catch (error) {
        if ([BAD_VERSION, NO_NODE].some((code) => hasCode(error, code))) return false;
        throw error;
      }
    },
    prolong: ({ version }, row) => write(version, row),
    free: ({ version }, row) => write(version, row),
    async enter(key, waiter) {
      const path = pathOf(key);
      const text = Buffer.from(JSON.stringify(waiter));
      const own = (await waiterNodes(path)).find(({ mark }) => mark === markOf(waiter.holder));
      if (own !== undefined) {
        const stat = await unless(
          NO_NODE,
          ask<Stat>((client, done) => client.setData(`${path}/${own.name}`, text, done)),
        );
        if (stat !== undefined) return clock.saw(mtimeOf(stat));
      }
      await session.ensure(path);
      const name = `${path}/wait-${markOf(waiter.holder)}-`;
      const mode = zookeeper.CreateMode.EPHEMERAL_SEQUENTIAL;
      await ask<string>((client, done) => client.create(name, text, acl, mode, done));
    },
    async leave(key, holder) {
      const path = pathOf(key);
      const own = (await waiterNodes(path)).filter(({ mark }) => mark === markOf(holder));
      for (const { name } of own) await session.remove(`${path}/${name}`);
    },
    async changed(key, before, milliseconds, signal) {
      const path = pathOf(key);
      const waiter = before && (await waiterNodes(path)).find(({ mark }) => mark === before);
      if (before !== undefined && waiter === undefined) return;
      const awaited = waiter ? `${path}/${waiter.name}` : path;
      const woken = wakeUps.expect(awaited);
      try {
        const watcher = watcherOf(awaited);
        const stat = await ask<Stat | null>((client, done) =>
          watcher === undefined ? client.exists(awaited, done) : client.exists(awaited, watcher, done),
        );
        // It may have gone, or been let go, while nobody looked.
        const isOver = waiter ? stat === null : ((await readRow(path))?.row?.holder ?? '') === '';
        if (!isOver) await woken.within(milliseconds, signal);
      } finally {
        woken.forget();
      }
    },
    async keys(limit, cursor = '') {
      if (cursor !== '' && !/^[\da-f]{40}$/.test(cursor)) throw new TypeError('not a cursor of this list');
      const children = await unless(
        NO_NODE,
        ask<string[]>((client, done) => client.getChildren(base, done)),
      );
      const marks = (children ?? []).filter((name) => /^[\da-f]{40}$/.test(name) && name > cursor).sort();
      const page = marks.slice(0, Math.min(limit, scanned));
      const rows = await Promise.all(page.map((mark) => readRow(`${base}/${mark}`)));
      const last = page.at(-1);
      return {
        keys: rows.flatMap((found) => (found?.row === undefined ? [] : [found.row.key])),
        ...(marks.length > page.length && last !== undefined && { nextCursor: last }),
      };
    },
    close() {
      wakeUps.wakeAll();
      session.close();
      return Promise.resolve();
    },
  };
}

function mtimeOf({ mtime }: Stat): number {
  return Number(mtime.readBigInt64BE());
}
