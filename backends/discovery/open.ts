import type { Discovery, Report } from './port.ts';
import type { StaticServices } from './static.ts';

export interface DiscoveryOptions {
  /** The setting `discovery.url`. */
  readonly url: string;
  /** The services of `static:`, as `host:port` by name. */
  readonly services?: StaticServices;
  readonly report?: Report;
}

type Open = (url: string, report: Report, services: StaticServices) => Promise<Discovery>;

const consul: Open = async (url, report) =>
  await (await import('./consul.ts')).openConsulDiscovery(url, report);
const etcd: Open = async (url, report) => await (await import('./etcd.ts')).openEtcdDiscovery(url, report);

/** Every scheme that there is. Clients load only when chosen. */
const systems: Readonly<Record<string, Open>> = {
  static: async (url, _report, services) => (await import('./static.ts')).openStaticDiscovery(url, services),
  dns: async (url) => (await import('./dns.ts')).openDnsDiscovery(url),
  consul,
  consuls: consul,
  etcd,
  etcds: etcd,
  zookeeper: async (url, report) => (await import('./zookeeper.ts')).openZookeeperDiscovery(url, report),
};

/**
 * Opens the registry that the URL names; docs/discovery.md has all of them. Does not wait for it: a registry that is away
 * is asked again and again. Throws a TypeError for a URL that does not fit, and for a scheme that there is not.
 */
export async function openDiscovery({
  url,
  services = {},
  report = () => undefined,
}: DiscoveryOptions): Promise<Discovery> {
  // The rest of a URL may hold a password.
  const scheme = /^([a-z]+):/.exec(url)?.[1] ?? '';
  const open = Object.hasOwn(systems, scheme) ? systems[scheme] : undefined;
  if (open === undefined) {
    const known = Object.keys(systems).map((name) => `${name}:`);
    throw new TypeError(`discovery.url: "${scheme}:" is not supported; expected ${known.join(', ')}`);
  }
  if (scheme !== 'static' && Object.keys(services).length > 0) {
    throw new TypeError(`discovery.services is for "static:"; ${scheme}: has its services itself`);
  }
  return await open(url, report, services);
}
