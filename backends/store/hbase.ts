/**
 * HBase 2.4 and newer, by its own RPC: no gateway, no ZooKeeper (docs/adr/0006-hbase-by-its-own-protocol.md). Each
 * document is a row of one table, and each write one atomic change of it under a condition, at the one server that has
 * the row's region: so reads and writes are linearizable. Rows are ordered by their bytes, which is the port's order.
 *
 * What a write stands on when it is acknowledged is the cluster's setting: the memory of three machines, or with
 * `hbase.wal.hsync` their disks.
 *
 * What HBase cannot promise: when a server dies, its regions are away until others have taken them over, often for half a
 * minute; calls fail meanwhile, and can be tried again. A server that is cut off from its cluster, and does not know yet
 * that its regions are others' now, may answer reads for that long. And where the answer to a write is lost and somebody
 * else has written since, nobody can tell which came first: that is an error too.
 */
import { insertEach } from './driver.ts';
import type { Driver, KeyRange, Row, Rows as Found } from './driver.ts';
import { nameOf, parseAddress, qualifiedName, type TableAddress } from './hbase/address.ts';
import { CallError } from './hbase/call-error.ts';
import { Cluster } from './hbase/cluster.ts';
import { Connections } from './hbase/connections.ts';
import { documentColumn, documentIn } from './hbase/layout.ts';
import { Patience } from './hbase/patience.ts';
import { Regions } from './hbase/regions.ts';
import type { RowRange } from './hbase/row-range.ts';
import { Rows } from './hbase/rows.ts';
import { storeErrorOf } from './hbase/store-error.ts';
import { ensureTable } from './hbase/table.ts';
import { writesOn } from './hbase/writes.ts';
import type { Store } from './port.ts';
import { storeOn } from './store-on.ts';

/** The time that the first start has, which makes the table. */
const openingMs = 60_000;

/** Opens the store in the table that the URL names (hbase/address.ts), which is made if it is missing. */
export async function openHbaseStore(url: string): Promise<Store> {
  const address = parseAddress(url);
  const connections = new Connections(address.user);
  const cluster = new Cluster(address.servers, connections);
  const rows = new Rows(new Regions(qualifiedName(address), cluster, connections), connections);
  const closing = new AbortController();
  const patience = new Patience(openingMs, closing.signal);
  try {
    await meetCluster(cluster, patience);
    await ensureTable({ address, cluster, connections, rows }, patience);
  } catch (error) {
    connections.close();
    throw storeErrorOf(address, error);
  }
  return storeOn(createDriver({ address, rows, connections, closing }));
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
  readonly address: TableAddress;
  readonly rows: Rows;
  readonly connections: Connections;
  readonly closing: AbortController;
}

function createDriver({ address, rows, connections, closing }: OpenTable): Driver {
  const patience = (): Patience => new Patience(address.timeoutMs, closing.signal);
  const writes = writesOn(rows, patience);
  return {
    name: nameOf(address),

    async get(key) {
      return documentIn(await rows.get(Buffer.from(key), documentColumn, patience()));
    },

    ...writes,
    // A connection carries many calls at a time.
    insertAll: (all) => insertEach(all, writes.insert),

    range: (range) => readRange(rows, range, patience),

    async ping() {
      await rows.get(Buffer.from('ping'), documentColumn, patience());
    },

    async close() {
      closing.abort();
      connections.close();
    },

    explain: (cause) => storeErrorOf(address, cause),
  };
}

/** Reads piece by piece, each what one region had at one time, until one row more is seen than was asked for. */
async function readRange(
  rows: Rows,
  { from, to, reverse, limit, maxSize }: KeyRange,
  patience: () => Patience,
): Promise<Found> {
  const found: Row[] = [];
  let size = 0;
  const end = to === undefined ? undefined : Buffer.from(to);
  for (let rest: RowRange | undefined = { first: Buffer.from(from), end, reverse }; rest !== undefined;) {
    const piece = await rows.scan(rest, documentColumn, limit + 1 - found.length, patience());
    for (const row of piece.rows.map(documentIn)) {
      if (row === undefined) continue;
      if (found.length === limit || size >= maxSize) return { rows: found, more: true };
      found.push(row);
      size += row.text.length;
    }
    rest = piece.rest;
  }
  return { rows: found, more: false };
}
