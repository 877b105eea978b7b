import { type Advice, StoreError, unavailable, unreachable } from '../errors.ts';
import { nameOf, qualifiedName, type TableAddress } from './address.ts';
import { CallError } from './call-error.ts';
import { family } from './layout.ts';

/** The store's error for whatever went wrong with a table: where, why, and what a person can do. */
export function storeErrorOf(address: TableAddress, cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  if (cause instanceof Error && cause.name === 'AbortError') {
    return new StoreError('closed', `The store ${nameOf(address)} is closed`, { cause });
  }
  if (!(cause instanceof CallError)) return unavailable(nameOf(address), cause, unreachable);
  const advice = adviceFor(address)[cause.exception ?? ''] ?? unreachable.advice;
  return unavailable(nameOf(address), cause, { advice, retryable: cause.retry });
}

/** By the simple names of HBase's exceptions. */
function adviceFor(address: TableAddress): Readonly<Record<string, Advice['advice']>> {
  const { namespace, user } = address;
  const table = qualifiedName(address);
  return {
    AccessDeniedException: `The user ${user} needs the rights to read and write ${table}, and to create it where it is missing. A user is a name here: a cluster that asks for Kerberos is not supported.`,
    NamespaceNotFoundException: `Create it in HBase's shell: create_namespace '${namespace}'.`,
    NoSuchColumnFamilyException: `The table ${table} is another program's: it has no family "${family.toString()}". Name another one: ?table=….`,
    TableNotFoundException: 'Somebody deleted it: a new start makes it anew, without what it held.',
  };
}
