import { Resolver } from 'node:dns/promises';
import { isNativeError } from 'node:util/types';
import { createOpened } from './opened.ts';
import type { Discovery, Instance } from './port.ts';
import { hostsText, invalid, parseRegistryUrl, placeOf } from './registry-url.ts';
import { watchByReading } from './watch-by-reading.ts';

/** A name that is not there may come; and the life of what SRV answers is not told to us. */
const defaultRefreshSeconds = 5;
const [leastPauseMs, longestPauseMs] = [1_000, 300_000];

/** No such name, or none of this type: that is an answer. */
const noneCodes = new Set(['ENOTFOUND', 'ENODATA']);

interface Found {
  readonly instances: readonly Instance[];
  /** How long that may be used, in seconds. */
  readonly ttl: number;
}

interface Address {
  readonly address: string;
  readonly ttl: number;
}

/**
 * DNS: `dns:` asks the system's servers, `dns://10.96.0.10:53/SUFFIX` those and names below the suffix. With `srv=http`
 * the instances of `orders` are what `_http._tcp.orders.SUFFIX` has of SRV records, those of the best priority; else all
 * addresses (A and AAAA) of `orders.SUFFIX`, with `port=8080` (80 where it is left out). Asks again when the records'
 * time to live is over; for SRV, whose time to live Node does not tell, after `refresh` seconds or when that of an
 * address is over before. Knows nothing of health, and registers nothing: Kubernetes does both for headless services.
 */
export function openDnsDiscovery(url: string): Discovery {
  const parsed = parseRegistryUrl(url, {
    port: 53,
    parameters: ['srv', 'port', 'refresh'],
    withoutHost: true,
  });
  const { hosts, path: suffix, parameters } = parsed;
  const srv = parameters.get('srv');
  if (srv !== undefined && !/^[a-z\d-]+$/i.test(srv)) throw invalid('dns: srv is a name such as http');
  if (srv !== undefined && parameters.has('port')) throw invalid('dns: SRV records have the port themselves');
  const port = wholeNumber(parameters, 'port', { fallback: 80, most: 65_535 });
  const refresh = wholeNumber(parameters, 'refresh', { fallback: defaultRefreshSeconds, most: 300 });
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  if (hosts.length > 0) resolver.setServers(serversOf(hosts));

  const nameOf = (service: string): string => (suffix === '' ? service : `${service}.${suffix}`);

  async function addresses(name: string): Promise<readonly Address[]> {
    const [v4, v6] = await Promise.allSettled([
      answered(resolver.resolve4(name, { ttl: true })),
      answered(resolver.resolve6(name, { ttl: true })),
    ]);
    // Some servers cannot answer one of the two.
    if (v4.status === 'rejected' && v6.status === 'rejected') throw v4.reason;
    return [v4, v6].flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  }

  async function atAddresses(name: string, at: number): Promise<Found> {
    const found = await addresses(name);
    const instances = found.map(({ address }) => ({
      id: hostsText([{ host: address, port: at }]),
      host: address,
      port: at,
      metadata: {},
    }));
    return { instances, ttl: found.length === 0 ? refresh : Math.min(...found.map(({ ttl }) => ttl)) };
  }

  async function atTargets(service: string): Promise<Found> {
    const records = await answered(resolver.resolveSrv(`_${srv}._tcp.${nameOf(service)}`));
    const best = Math.min(...records.map(({ priority }) => priority));
    const targets = records.filter(({ priority }) => priority === best);
    const found = await Promise.all(targets.map((target) => atAddresses(target.name, target.port)));
    return {
      instances: found.flatMap(({ instances }) => instances),
      ttl: Math.min(refresh, ...found.map(({ ttl }) => ttl)),
    };
  }

  const opened = createOpened();
  return {
    place: placeOf(parsed),
    watch(service, watcher) {
      let pauseMs = leastPauseMs;
      const read = async (): Promise<readonly Instance[]> => {
        const found = srv === undefined ? await atAddresses(nameOf(service), port) : await atTargets(service);
        pauseMs = Math.min(longestPauseMs, Math.max(leastPauseMs, found.ttl * 1_000));
        return found.instances;
      };
      return opened.watching(watchByReading({ read, pauseMs: () => pauseMs }, watcher));
    },
    async close() {
      // What is asked ends, so that the watches do.
      resolver.cancel();
      await opened.close();
    },
  };
}

async function answered<Record>(asked: Promise<Record[]>): Promise<readonly Record[]> {
  try {
    return await asked;
  } catch (error) {
    if (isNativeError(error) && 'code' in error && noneCodes.has(String(error.code))) return [];
    throw error;
  }
}

function serversOf(hosts: Parameters<typeof hostsText>[0]): readonly string[] {
  const servers = hosts.map((host) => hostsText([host]));
  for (const server of servers) {
    if (!/^(?:\d+\.\d+\.\d+\.\d+|\[[\da-f:.]+\]):\d+$/i.test(server)) {
      throw invalid(`dns: servers are addresses, found "${server}"`);
    }
  }
  return servers;
}

function wholeNumber(
  parameters: ReadonlyMap<string, string>,
  name: string,
  { fallback, most }: { readonly fallback: number; readonly most: number },
): number {
  const text = parameters.get(name);
  if (text === undefined) return fallback;
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= most) return value;
  throw invalid(`dns: ${name} has to be a whole number from 1 to ${most}, found "${text}"`);
}
