/** How an instance is written where the registry keeps texts: etcd and ZooKeeper. */
import type { Instance } from './port.ts';

/** The text of an instance; its id is the name that it stands under. */
export function instanceText({ host, port, metadata }: Instance): string {
  return JSON.stringify({ host, port, metadata });
}

/** The instance of a text; undefined for what is none: others write to the registry too. */
export function parseInstance(id: string, text: string): Instance | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { host, port, metadata } = value as Partial<Record<keyof Instance, unknown>>;
  if (typeof host !== 'string' || typeof port !== 'number') return undefined;
  return usable({ id, host, port, metadata: textsOf(metadata) });
}

/** The instance where it can be called: registries have no opinion on hosts and ports. */
export function usable(instance: Instance): Instance | undefined {
  const { host, port } = instance;
  const isPort = Number.isInteger(port) && port > 0 && port < 65_536;
  const written = host.includes(':') ? `[${host}]` : host;
  return isPort && host !== '' && URL.canParse(`http://${written}:${port}`) ? instance : undefined;
}

/** The members that are texts. */
export function textsOf(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {};
  const texts = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(texts);
}
