/**
 * TiDB 6.5 or newer: MySQL's protocol and SQL, with conflicts found at the commit of a statement rather than by locks.
 * Every statement reads at a timestamp of the one placement driver, so that an acknowledged write is seen by whatever
 * begins later, on every TiDB server: any number of them may stand behind a balancer. `tidb_read_staleness` has to be
 * unset, as it is by default.
 */
import type { Store } from './port.ts';
import { openMysqlStore } from './mysql.ts';
import { unreachable } from './errors.ts';

/**
 * A conflict with another statement, which undid this one: write conflicts (8002, 8005, 9007), a commit that may be run
 * again (8022), and tables that changed meanwhile (8028). https://docs.pingcap.com/tidb/stable/error-codes
 */
const rolledBack = [8002, 8005, 8022, 8028, 9007];

/** A part of the cluster is away or overloaded: placement driver, TiKV, regions. */
const away = [8027, 9001, 9002, 9003, 9004, 9005, 9010];

/** Opens the store at `tidb://user:password@host:port/database`. Fails with a {@link StoreError}. */
export async function openTidbStore(url: string): Promise<Store> {
  const advices = Object.fromEntries(away.map((number) => [number, unreachable]));
  return await openMysqlStore(url, { defaultPort: 4000, rolledBack, advices });
}
