/** What an administrator, a balancer or another program does to a cluster, for tests of the store. */
import { setTimeout as sleep } from 'node:timers/promises';
import protobuf from 'protobufjs';
import { parseAddress, qualifiedName } from './address.ts';
import { Cluster } from './cluster.ts';
import { Connections } from './connections.ts';
import type { Cell } from './messages.ts';
import { getProcedureResult, type Method, methodOf, scan } from './methods.ts';
import { Patience } from './patience.ts';
import { Regions } from './regions.ts';
import { firstMetaRow, metaFamily, metaRegionName, metaRowBefore, regionOf, specifierOf } from './region.ts';

const { root } = protobuf.parse(`
  syntax = "proto2";
  message TableName { required bytes namespace = 1; required bytes qualifier = 2; }
  message RegionInfo {
    required uint64 region_id = 1; required TableName table_name = 2; optional bytes start_key = 3;
    optional bytes end_key = 4; optional bool offline = 5; optional bool split = 6; optional int32 replica_id = 7;
  }
  message RegionSpecifier { required uint32 type = 1; required bytes value = 2; }
  message SplitTableRegionRequest { required RegionInfo region_info = 1; optional bytes split_row = 2; }
  message SplitTableRegionResponse { optional uint64 proc_id = 1; }
  message MergeTableRegionsRequest { repeated RegionSpecifier region = 1; optional bool forcible = 3; }
  message MergeTableRegionsResponse { optional uint64 proc_id = 1; }
  message MoveRegionRequest { required RegionSpecifier region = 1; }
  message MoveRegionResponse {}
  message ColumnFamilySchema { required bytes name = 1; }
  message TableSchema { optional TableName table_name = 1; repeated ColumnFamilySchema column_families = 3; }
  message CreateTableRequest { required TableSchema table_schema = 1; repeated bytes split_keys = 2; }
  message CreateTableResponse { optional uint64 proc_id = 1; }
  message FlushTableRequest { required TableName table_name = 1; }
  message FlushTableResponse { optional uint64 proc_id = 1; }
`);
const typeOf = (name: string): protobuf.Type => root.lookupType(name);
const regionInfo = typeOf('RegionInfo');

interface Begun {
  readonly procId?: unknown;
}
const splitRegion = methodOf<object, Begun>(
  (name) => typeOf(name.replace('SplitRegion', 'SplitTableRegion')),
  'MasterService',
  'SplitRegion',
);
const mergeRegions = methodOf<object, Begun>(typeOf, 'MasterService', 'MergeTableRegions');
const moveRegion = methodOf<object, Begun>(typeOf, 'MasterService', 'MoveRegion');
const createTable = methodOf<object, Begun>(typeOf, 'MasterService', 'CreateTable');
const flushTable = methodOf<object, Begun>(typeOf, 'MasterService', 'FlushTable');

/** Of a scan that needs one answer. */
const wholeScan = {
  numberOfRows: 100,
  closeScanner: true,
  clientHandlesPartials: false,
  clientHandlesHeartbeats: false,
};

/** The type of a specifier that names a region by its digest. */
const byDigest = 2;

/** A region of the table: the digest at its name's end, its server, and HBase's own description. */
interface KnownRegion {
  readonly digest: Buffer;
  readonly server: string;
  readonly info: protobuf.Message;
}

export interface Admin {
  /** The servers of the table's regions, in the order of their rows; those that are on their way are missing. */
  servers(): Promise<string[]>;
  /** Splits at `row` the region that has it. */
  split(row: string): Promise<void>;
  /** Makes one region of the two first ones. */
  mergeFirst(): Promise<void>;
  /** Moves each region to the other server. */
  moveAll(): Promise<void>;
  /** What the table shows of all its rows, as `ROW/COLUMN`; its first region only. */
  cells(): Promise<string[]>;
  /** Writes what the servers hold in memory to their files. */
  flush(): Promise<void>;
  /** Makes the table with one family, and cuts it into regions at these rows. */
  create(family: string, splitRows: readonly string[]): Promise<void>;
  close(): void;
}

/** Opens the table that the store's URL names, as an administrator. */
export function openAdmin(url: string): Admin {
  const address = parseAddress(url);
  const table = qualifiedName(address);
  const connections = new Connections('administrator');
  const cluster = new Cluster(address.servers, connections);
  const patience = new Patience(60_000, new AbortController().signal);
  const tableName = { namespace: Buffer.from(address.namespace), qualifier: Buffer.from(address.table) };

  async function askMaster<Request, Response>(
    method: Method<Request, Response>,
    request: Request,
  ): Promise<Response> {
    const master = await cluster.activeMaster(patience);
    return await connections.to(master, method.service).call(method, request, 20_000);
  }

  /** Has the master do it, to the end: regions that were split or merged just now are not ready for it at once. */
  async function complete<Request>(method: Method<Request, Begun>, request: Request): Promise<void> {
    for (let triesLeft = 100; ; triesLeft--) {
      try {
        const { procId } = await askMaster(method, request);
        return await end(procId);
      } catch (error) {
        if (triesLeft === 0) throw error;
        await sleep(200);
      }
    }
  }

  async function end(procId: unknown): Promise<void> {
    const running = 1;
    for (;;) {
      const { state, exception } = await askMaster(getProcedureResult, { procId });
      if (exception) throw new Error(exception.genericException?.message);
      if (state !== running) return;
      await sleep(50);
    }
  }

  async function regions(): Promise<KnownRegion[]> {
    const meta = await cluster.metaServer(patience);
    const request = {
      ...wholeScan,
      region: specifierOf(metaRegionName),
      scan: {
        column: [{ family: metaFamily, qualifier: [] }],
        startRow: metaRowBefore(table, undefined),
        stopRow: firstMetaRow(table),
        includeStopRow: true,
        reversed: true,
      },
    };
    const { results } = await connections.to(meta, scan.service).call(scan, request, 10_000);
    return results.flatMap(({ cell }) => knownRegion(cell)).toReversed();
  }

  return {
    async servers() {
      return (await regions()).map(({ server }) => server);
    },
    async split(row) {
      const known = await regions();
      const region = known.findLast(({ info }) => startOf(info).compare(Buffer.from(row)) <= 0);
      await complete(splitRegion, { regionInfo: region?.info, splitRow: Buffer.from(row) });
    },
    async mergeFirst() {
      const known = await regions();
      const two = known.slice(0, 2).map(({ digest }) => ({ type: byDigest, value: digest }));
      await complete(mergeRegions, { region: two, forcible: true });
    },
    async moveAll() {
      for (const { digest, server } of await regions()) {
        await askMaster(moveRegion, { region: { type: byDigest, value: digest } });
        for (;;) {
          const now = (await regions()).find((other) => other.digest.equals(digest));
          if (now !== undefined && now.server !== server) break;
          await sleep(50);
        }
      }
    },
    async cells() {
      const region = await new Regions(table, cluster, connections).at(Buffer.from(''), patience);
      const request = { ...wholeScan, region: specifierOf(region.name), scan: {} };
      const { results } = await connections.to(region.server, scan.service).call(scan, request, 10_000);
      return results.flatMap(({ cell }) => cell.map((one) => `${text(one.row)}/${text(one.qualifier)}`));
    },
    async flush() {
      await complete(flushTable, { tableName });
    },
    async create(family, splitRows) {
      const columnFamilies = [{ name: Buffer.from(family) }];
      const splitKeys = splitRows.map((row) => Buffer.from(row));
      await complete(createTable, { tableSchema: { tableName, columnFamilies }, splitKeys });
    },
    close() {
      connections.close();
    },
  };
}

function knownRegion(cells: readonly Cell[]): KnownRegion[] {
  const region = regionOf(cells);
  const info = cells.find(({ qualifier }) => text(qualifier) === 'regioninfo');
  if (region === undefined || info === undefined) return [];
  const digest = Buffer.from(/\.(\w+)\.$/.exec(region.name.toString('latin1'))?.[1] ?? '');
  const message = regionInfo.decode(Buffer.from(info.value).subarray(4));
  return [{ digest, server: `${region.server.host}:${region.server.port}`, info: message }];
}

function startOf(info: protobuf.Message): Buffer {
  return Buffer.from((info as unknown as { readonly startKey: Uint8Array }).startKey);
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}
