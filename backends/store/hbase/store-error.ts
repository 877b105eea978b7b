import { reasonOf, StoreError } from '../errors.ts';
import { qualifiedName, type TableAddress } from './address.ts';
import { CallError } from './call-error.ts';
import { family } from './layout.ts';

/** The store's error for whatever went wrong with a table: where, why, and what a person can do. */
export function storeErrorOf(address: TableAddress, cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  const failure = cause instanceof CallError ? cause : undefined;
  const advice = adviceFor(address)[failure?.exception ?? 'no exception'] ?? usualAdvice;
  return new StoreError(
    'unavailable',
    `The store ${nameOf(address)} cannot be used: ${reasonOf(cause)}. ${advice}`,
    { cause, retryable: failure?.retry ?? false },
  );
}

const usualAdvice =
  'Check that HBase runs, and that the hosts and ports that it gives its servers can be reached from here.';

/** The store's URL, without the user. */
export function nameOf(address: TableAddress): string {
  const servers = address.servers.map(({ host, port }) => `${host}:${port}`).join(',');
  return `hbase://${servers}/${address.namespace}?table=${address.table}`;
}

function adviceFor(address: TableAddress): Readonly<Record<string, string>> {
  const { namespace, user } = address;
  const table = qualifiedName(address);
  return {
    AccessDeniedException: `The user ${user} needs the right to read and write ${table}, and to create it if it is missing. Perdure comes with a name alone: a cluster that asks for Kerberos is not supported.`,
    NamespaceNotFoundException: `Create it in HBase's shell: create_namespace '${namespace}'.`,
    NoSuchColumnFamilyException: `The table ${table} is another program's: it has no family "${family.toString()}". Name another one: ?table=….`,
    TableNotFoundException: 'Somebody deleted it; a new start makes it anew, without what it held.',
  };
}
