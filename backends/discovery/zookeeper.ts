import { instanceText, parseInstance } from './instance-record.ts';
import { keepRegistered } from './keep-registered.ts';
import type { Listing } from './keep-registered.ts';
import { createOpened } from './opened.ts';
import type { Discovery, Instance, Registration, Report, Watch, Watcher } from './port.ts';
import { hostsText, invalid, parseRegistryUrl, placeOf } from './registry-url.ts';
import { watchByReading } from './watch-by-reading.ts';
import type { ReadingWatch } from './watch-by-reading.ts';
import { openSession } from './zookeeper-session.ts';
import type { Session, SessionOptions } from './zookeeper-session.ts';

/** The client notices nothing of a connection that died without a word: questions do. */
const readEveryMs = 10_000;
const watchSessionMs = 10_000;

/**
 * ZooKeeper: `zookeeper://user:password@host:2181,host2:2181/path`, without TLS. An instance is the ephemeral node
 * `/PATH/SERVICE/ID` with its host, port and metadata as JSON, in a session of its own whose timeout is the time to live
 * (within what the server allows: 2 to 20 of its ticks). The path is `perdure/services` where the URL has none; user and
 * password are those of the digest scheme.
 */
export function openZookeeperDiscovery(url: string, report: Report): Discovery {
  const parsed = parseRegistryUrl(url, { port: 2181, parameters: [] });
  const { hosts, username, password = '' } = parsed;
  if (hosts.some(({ host }) => host.includes(':')))
    throw invalid('zookeeper: has no IPv6 addresses: use names');
  const base = `/${parsed.path === '' ? 'perdure/services' : parsed.path}`;
  const access: Pick<SessionOptions, 'hosts' | 'digest'> = {
    hosts: hostsText(hosts),
    ...(username === undefined ? {} : { digest: `${username}:${password}` }),
  };
  const watches = new Set<ReadingWatch>();
  let watching: Session | undefined;

  /** One session for all watches, when there is something to watch. */
  function watchingSession(): Session {
    const changed = (): void => {
      for (const watch of watches) watch.readAgain();
    };
    return (watching ??= openSession({ ...access, timeoutMs: watchSessionMs, changed }));
  }

  function listing({ service, instance, ttlMs }: Registration): Listing {
    const path = `${base}/${service}/${instance.id}`;
    const session = openSession({ ...access, timeoutMs: ttlMs });
    return {
      list: () => session.createEphemeral(path, instanceText(instance)),
      renew: () => session.owns(path),
      withdraw: () => session.remove(path),
      async remove() {
        try {
          await session.remove(path);
        } finally {
          session.close();
        }
      },
    };
  }

  function watch(service: string, watcher: Watcher): Watch {
    const session = watchingSession();
    const folder = `${base}/${service}`;
    const again = (): void => reading.readAgain();
    const read = async (): Promise<readonly Instance[]> => {
      const ids = (await session.children(folder, again)) ?? [];
      const instances = ids.map(async (id) => {
        const text = await session.read(`${folder}/${id}`);
        return text === undefined ? undefined : parseInstance(id, text);
      });
      return (await Promise.all(instances)).filter((instance) => instance !== undefined);
    };
    const reading = watchByReading({ read, pauseMs: () => readEveryMs }, watcher);
    watches.add(reading);
    return {
      async stop() {
        watches.delete(reading);
        await reading.stop();
      },
    };
  }

  const opened = createOpened();
  const place = placeOf(parsed);
  return {
    place,
    register: (registration) =>
      opened.registered(keepRegistered(registration, listing(registration), { place, report })),
    watch: (service, watcher) => opened.watching(watch(service, watcher)),
    async close() {
      await opened.close();
      watching?.close();
    },
  };
}
