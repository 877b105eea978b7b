import type { Locks } from './port.ts';
import type { TemporalLocksOptions } from './temporal.ts';

export interface LocksSources {
  /** For `temporal:`. */
  readonly temporal: TemporalLocksOptions;
  /** What a person should know later, such as a lost connection. */
  readonly report?: (message: string, error: unknown) => void;
}

type Open = (url: string, sources: Required<LocksSources>) => Promise<Locks>;

const temporal: Open = async (_url, sources) =>
  (await import('./temporal.ts')).openTemporalLocks(sources.temporal);
const redis: Open = async (url, { report }) => (await import('./redis.ts')).openRedisLocks(url, report);
const etcd: Open = async (url) => await (await import('./etcd.ts')).openEtcdLocks(url);

const consul: Open = async (url) => await (await import('./consul.ts')).openConsulLocks(url);

const zookeeper: Open = async (url) => (await import('./zookeeper.ts')).openZookeeperLocks(url);

/** Every scheme that there is. Clients load only when chosen. */
const systems: Readonly<Record<string, Open>> = {
  temporal,
  redis,
  rediss: redis,
  zookeeper,
  etcd,
  etcds: etcd,
  consul,
  consuls: consul,
};

/**
 * Opens the lock system that the setting `locks` names by its URL; docs/locks.md has all of them. Connects when it is used.
 * Throws a TypeError for a URL that does not fit, and for a scheme that there is not: it names those that there are.
 */
export async function openLocks(url: string, sources: LocksSources): Promise<Locks> {
  // The rest of a URL may hold a password.
  const scheme = /^([a-z][a-z\d+.-]*):/i.exec(url)?.[1]?.toLowerCase() ?? '';
  const open = Object.hasOwn(systems, scheme) ? systems[scheme] : undefined;
  if (open === undefined) {
    const known = Object.keys(systems).map((name) => (name === 'temporal' ? 'temporal:' : `${name}://…`));
    throw new TypeError(`locks: "${scheme}:" is not supported; expected ${known.join(', ')}`);
  }
  return await open(url, { report: () => undefined, ...sources });
}
