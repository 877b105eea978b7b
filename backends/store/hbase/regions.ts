/** Finds the region of a row, and the server that has it, in `hbase:meta`; remembers both until told that they are wrong. */
import { CallError } from './call-error.ts';
import type { Cluster } from './cluster.ts';
import type { Address } from './connection.ts';
import type { Connections } from './connections.ts';
import type { Cell } from './messages.ts';
import { scan } from './methods.ts';
import type { Patience } from './patience.ts';
import { firstMetaRow, hasRow, isRightBelow, metaFamily, metaRegionName } from './region.ts';
import { metaRowAt, metaRowBefore, type Region, regionOf, specifierOf } from './region.ts';
import { RegionCache } from './region-cache.ts';

/** A region that was split stays in `hbase:meta` for a while, beside its halves. */
const rowsOfOneLookUp = 4;

export class Regions {
  private readonly table: string;
  private readonly cluster: Cluster;
  private readonly connections: Connections;
  private readonly cache = new RegionCache();
  private readonly underWay = new Map<string, Promise<Region>>();
  private metaServer: Address | undefined;

  /** @param table its name as HBase writes it: `NAMESPACE:TABLE`, or `TABLE` in the namespace `default`. */
  constructor(table: string, cluster: Cluster, connections: Connections) {
    this.table = table;
    this.cluster = cluster;
    this.connections = connections;
  }

  /** The region that has `row`. Fails with a `TableNotFoundException` where the table has no region at all. */
  async at(row: Buffer, patience: Patience): Promise<Region> {
    const isIt = (region: Region): boolean => hasRow(region, row);
    return this.cache.at(row) ?? (await this.find(metaRowAt(this.table, row), isIt, patience));
  }

  /** The region that has the rows right below `row`, or the last rows of the table; fails as `at`. */
  async before(row: Buffer | undefined, patience: Patience): Promise<Region> {
    const isIt = (region: Region): boolean => isRightBelow(region, row);
    return this.cache.before(row) ?? (await this.find(metaRowBefore(this.table, row), isIt, patience));
  }

  /** Looks the region up anew the next time. */
  forget(region: Region): void {
    this.cache.remove(region);
  }

  /** One look-up serves all who wait for the same one. */
  private async find(
    metaRow: Buffer,
    isIt: (region: Region) => boolean,
    patience: Patience,
  ): Promise<Region> {
    const name = metaRow.toString('latin1');
    const begun = this.underWay.get(name);
    if (begun !== undefined) return await begun;
    const lookUp = this.lookUp(metaRow, isIt, patience).finally(() => this.underWay.delete(name));
    this.underWay.set(name, lookUp);
    return await lookUp;
  }

  private async lookUp(
    metaRow: Buffer,
    isIt: (region: Region) => boolean,
    patience: Patience,
  ): Promise<Region> {
    const rows = await this.readMeta(metaRow, patience);
    if (rows.length === 0) {
      const exception = 'TableNotFoundException';
      throw new CallError(`There is no table ${this.table}`, { retry: false, mayHaveRun: false, exception });
    }
    for (const cells of rows) {
      const region = regionOf(cells);
      if (region === undefined || !isIt(region)) continue;
      this.cache.add(region);
      return region;
    }
    const message = `No server has a region of ${this.table} that is asked for`;
    throw new CallError(message, { retry: true, mayHaveRun: false });
  }

  /** The rows of this table at `metaRow` and below, downwards. */
  private async readMeta(metaRow: Buffer, patience: Patience): Promise<(readonly Cell[])[]> {
    this.metaServer ??= await this.cluster.metaServer(patience);
    const request = {
      region: specifierOf(metaRegionName),
      scan: {
        column: [{ family: metaFamily, qualifier: [] }],
        startRow: metaRow,
        stopRow: firstMetaRow(this.table),
        includeStopRow: true,
        reversed: true,
      },
      numberOfRows: rowsOfOneLookUp,
      closeScanner: true,
      clientHandlesPartials: false,
      clientHandlesHeartbeats: false,
    };
    try {
      const connection = this.connections.to(this.metaServer, scan.service);
      const { results } = await connection.call(scan, request, patience.callMs());
      return results.map(({ cell }) => cell);
    } catch (error) {
      this.metaServer = undefined;
      throw error;
    }
  }
}
