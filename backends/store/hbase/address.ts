import { StoreError } from '../errors.ts';
import type { Address } from './connection.ts';

/** What a URL says: where a cluster is, as whom to come, and which table is meant. */
export interface TableAddress {
  readonly servers: readonly Address[];
  readonly user: string;
  readonly namespace: string;
  readonly table: string;
}

const form = 'hbase://HOST:PORT,HOST:PORT/NAMESPACE?table=TABLE';

/** The port of a master that is not told otherwise. */
const masterPort = 16_000;

/**
 * Reads what follows `hbase:` in `hbase://[USER@]HOST[:PORT][,…][/NAMESPACE][?table=TABLE]`. The servers are masters or
 * region servers, each with port 16000 unless it says another; left out are the user `perdure`, the namespace `default`
 * and the table `perdure`. Fails for anything else, and says what would do.
 */
export function parseAddress(address: string): TableAddress {
  const parts = /^\/\/(?:([\w.-]+)@)?([^/@?]+)(?:\/([^/?]*))?(?:\?(.*))?$/s.exec(address);
  const [, user = 'perdure', hosts, namespace, query = ''] = parts ?? [];
  if (hosts === undefined) throw refusal(`Write ${form}`);
  const options = new URLSearchParams(query);
  const unknown = [...options.keys()].find((name) => name !== 'table');
  if (unknown !== undefined) throw refusal(`There is no option ${JSON.stringify(unknown)}; write ${form}`);
  return {
    servers: hosts.split(',').map(parseServer),
    user,
    namespace: checkName(namespace || 'default', /^\w+$/),
    table: checkName(options.get('table') ?? 'perdure', /^\w[\w.-]*$/),
  };
}

/** The name as HBase writes it. */
export function qualifiedName({ namespace, table }: TableAddress): string {
  return namespace === 'default' ? table : `${namespace}:${table}`;
}

function parseServer(text: string): Address {
  const [, host, port = String(masterPort)] = /^([\w.-]+|\[[\da-f:]+\])(?::(\d{1,5}))?$/i.exec(text) ?? [];
  if (host === undefined) throw refusal(`${JSON.stringify(text)} is no host; write ${form}`);
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

function checkName(name: string, pattern: RegExp): string {
  if (pattern.test(name)) return name;
  throw refusal(`${JSON.stringify(name)} is no name that HBase takes; write ${form}`);
}

function refusal(message: string): StoreError {
  return new StoreError('invalid', `The store's URL (setting \`store\`, PERDURE_STORE): ${message}`);
}
