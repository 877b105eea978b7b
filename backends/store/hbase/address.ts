import { StoreError } from '../errors.ts';
import type { Address } from './connection.ts';

/** What a URL says: where a cluster is, as whom to come, and which table is meant. */
export interface TableAddress {
  readonly servers: readonly Address[];
  readonly user: string;
  readonly namespace: string;
  readonly table: string;
  /** How long one operation may take, with all its tries. */
  readonly timeoutMs: number;
}

const form = 'hbase://HOST:PORT,HOST:PORT/NAMESPACE?table=TABLE';

/** The port of a master that is not told otherwise. */
const masterPort = 16_000;

/**
 * Reads `hbase://[USER@]HOST[:PORT][,…][/NAMESPACE][?table=TABLE&timeoutMs=N]`. The servers are masters or region servers
 * of one cluster, each with the masters' usual port unless it says another. The user is `perdure`, the namespace
 * `default`, the table `perdure` and the timeout 10,000 unless they are given. Fails for anything else, and says what
 * would do.
 */
export function parseAddress(url: string): TableAddress {
  const parts = /^hbase:\/\/(?:([\w.-]+)@)?([^/@?]+)(?:\/([^/?]*))?(?:\?(.*))?$/s.exec(url);
  const [, user = 'perdure', hosts, namespace, query = ''] = parts ?? [];
  if (hosts === undefined) throw refusal(`is not one: expected ${form}`);
  const options = new URLSearchParams(query);
  const unknown = [...options.keys()].find((name) => !['table', 'timeoutMs'].includes(name));
  if (unknown !== undefined) throw refusal(`has the unknown parameter ${unknown}; known: table, timeoutMs`);
  const timeout = options.get('timeoutMs') ?? '10000';
  if (!/^[1-9]\d{0,5}$/.test(timeout)) {
    throw refusal(`asks for timeoutMs=${timeout}; expected a whole number from 1 to 999999`);
  }
  return {
    servers: hosts.split(',').map(parseServer),
    user,
    namespace: checkName(namespace || 'default', /^\w+$/),
    table: checkName(options.get('table') ?? 'perdure', /^\w[\w.-]*$/),
    timeoutMs: Number(timeout),
  };
}

/** The URL for messages. */
export function nameOf({ servers, namespace, table }: TableAddress): string {
  const hosts = servers.map(({ host, port }) =>
    host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`,
  );
  return `hbase://${hosts.join(',')}/${namespace}?table=${table}`;
}

/** The name as HBase writes it. */
export function qualifiedName({ namespace, table }: TableAddress): string {
  return namespace === 'default' ? table : `${namespace}:${table}`;
}

function parseServer(text: string): Address {
  const [, host, port = String(masterPort)] = /^([\w.-]+|\[[\da-f:]+\])(?::(\d{1,5}))?$/i.exec(text) ?? [];
  if (host === undefined) throw refusal(`has ${JSON.stringify(text)} for a server: expected ${form}`);
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

function checkName(name: string, pattern: RegExp): string {
  if (pattern.test(name)) return name;
  throw refusal(`has the name ${JSON.stringify(name)}, which HBase does not take: expected ${form}`);
}

function refusal(message: string): StoreError {
  return new StoreError('invalid', `The store's URL (setting \`store\`, PERDURE_STORE) ${message}`);
}
