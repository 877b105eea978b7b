/**
 * HBase 2.5 and newer, by its own RPC: no gateway, no ZooKeeper (docs/adr/0006-hbase-by-its-own-protocol.md). Each
 * document is a row; a write is one atomic change of its row under a condition, so that reads and writes of a document
 * are linearizable. HBase answers a write when it is in the log of the region's server; how safe that is, is a setting of
 * the cluster (`hbase.wal.hsync`).
 *
 * Rows are ordered by their bytes, which is the port's order of keys. A page of a scan is read piece by piece: each piece
 * is what one region had at one time.
 *
 * What HBase cannot promise: when a server dies, its regions are away until others have taken them over, often for half a
 * minute; the store waits {@link patienceMs}, then fails with an error that can be retried. Where a write's answer is lost
 * and a later one has changed the document since, nobody can tell whether it was done: that is an error too.
 */
import { StoreError } from './errors.ts';
import { parseAddress, qualifiedName, type TableAddress } from './hbase/address.ts';
import { CallError } from './hbase/call-error.ts';
import { Cluster } from './hbase/cluster.ts';
import { Connections } from './hbase/connections.ts';
import { documentColumn, documentIn } from './hbase/layout.ts';
import { rangeOf, readPage } from './hbase/pages.ts';
import { Patience } from './hbase/patience.ts';
import { Regions } from './hbase/regions.ts';
import { Rows } from './hbase/rows.ts';
import { nameOf, storeErrorOf } from './hbase/store-error.ts';
import { ensureTable } from './hbase/table.ts';
import { deleteDocument, putDocument } from './hbase/writes.ts';
import { checkKey, checkLimit, checkPrefix, valueText } from './limits.ts';
import type { Store } from './port.ts';

/** The time that an operation has. */
const patienceMs = 15_000;

/** The time that the first start has, which makes the table. */
const openingMs = 60_000;

/** Opens the store in the table that `address` names (hbase/address.ts), which is made if it is missing. */
export async function openHbaseStore(address: string): Promise<Store> {
  const table = parseAddress(address);
  const connections = new Connections(table.user);
  const cluster = new Cluster(table.servers, connections);
  const rows = new Rows(new Regions(qualifiedName(table), cluster, connections), connections);
  const closing = new AbortController();
  const patience = new Patience(openingMs, closing.signal);
  try {
    await meetCluster(cluster, patience);
    await ensureTable({ address: table, cluster, connections, rows }, patience);
  } catch (error) {
    connections.close();
    throw storeErrorOf(table, error);
  }
  return createStore({ table, rows, connections, closing });
}

/** A wrong address is said at once; servers that answer, but are not ready, are waited for. */
async function meetCluster(cluster: Cluster, patience: Patience): Promise<void> {
  try {
    await cluster.metaServer(patience);
  } catch (error) {
    if (!(error instanceof CallError) || error.exception === undefined || !error.retry) throw error;
  }
}

interface OpenTable {
  readonly table: TableAddress;
  readonly rows: Rows;
  readonly connections: Connections;
  readonly closing: AbortController;
}

function createStore({ table, rows, connections, closing }: OpenTable): Store {
  /** Runs one operation; what goes wrong with HBase comes out as a store error. */
  async function run<Result>(operation: (patience: Patience) => Promise<Result>): Promise<Result> {
    try {
      return await operation(new Patience(patienceMs, closing.signal));
    } catch (cause) {
      if (!closing.signal.aborted) throw storeErrorOf(table, cause);
      throw new StoreError('closed', `The store ${nameOf(table)} is closed`, { cause });
    }
  }

  return {
    async get(key) {
      checkKey(key);
      const row = Buffer.from(key);
      return await run(async (patience) => documentIn(await rows.get(row, documentColumn, patience)));
    },

    async put(key, value, expected) {
      checkKey(key);
      const text = valueText(key, value);
      return await run((patience) => putDocument(rows, Buffer.from(key), text, expected, patience));
    },

    async delete(key, expected) {
      checkKey(key);
      return await run((patience) => deleteDocument(rows, Buffer.from(key), expected, patience));
    },

    async scan(prefix, { limit, cursor, reverse = false }) {
      checkPrefix(prefix);
      checkLimit(limit);
      return await readPage(rangeOf(prefix, cursor, reverse), limit, (range, most) =>
        run((patience) => rows.scan(range, documentColumn, most, patience)),
      );
    },

    async ping() {
      await run((patience) => rows.get(Buffer.from('ping'), documentColumn, patience));
    },

    async close() {
      closing.abort();
      connections.close();
    },
  };
}
