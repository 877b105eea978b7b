/** Regions: the ranges of rows that a table is cut into, and how `hbase:meta` tells of them. */
import type { Address } from './connection.ts';
import type { Cell, RegionSpecifier } from './messages.ts';
import { messageType } from './schema.ts';

/** A range of rows, and the server that has it. */
export interface Region {
  /** Names the region for its server; it is the region's row in `hbase:meta`. */
  readonly name: Buffer;
  /** The first row; empty: no row is too low. */
  readonly start: Buffer;
  /** The first row behind it; empty: no row is too high. */
  readonly end: Buffer;
  readonly server: Address;
}

/** The one region of `hbase:meta`. */
export const metaRegionName = Buffer.from('hbase:meta,,1');

/** The column family of `hbase:meta`. */
export const metaFamily = Buffer.from('info');

const regionInfo = messageType('RegionInfo');

/** Before the bytes of every message that HBase keeps. */
const magic = Buffer.from('PBUF');

/** A message that names a region. */
export function specifierOf(name: Buffer): RegionSpecifier {
  const byName = 1;
  return { type: byName, value: name };
}

/** Whether the region has this row. */
export function hasRow({ start, end }: Region, row: Buffer): boolean {
  return start.compare(row) <= 0 && (end.length === 0 || row.compare(end) < 0);
}

/** Whether the region has the rows right below this one, or the last rows of all. */
export function isRightBelow({ start, end }: Region, row: Buffer | undefined): boolean {
  if (row === undefined) return end.length === 0;
  return start.compare(row) < 0 && (end.length === 0 || row.compare(end) <= 0);
}

/** The rows of `hbase:meta` go `TABLE,FIRST ROW,TIME.DIGEST.`: none of a region that begins at `row` is above this one. */
export function metaRowAt(table: string, row: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${table},`), row, Buffer.from(',:')]);
}

/** Above all rows in `hbase:meta` of regions that begin below `row`, and below those of one that begins there. */
export function metaRowBefore(table: string, row: Buffer | undefined): Buffer {
  // The names of tables are compared by themselves.
  if (row === undefined) return Buffer.from(`${table}\u0000`);
  return Buffer.concat([Buffer.from(`${table},`), row, Buffer.from(',')]);
}

/** Below all rows in `hbase:meta` of the table. */
export function firstMetaRow(table: string): Buffer {
  return Buffer.from(`${table},,`);
}

/** The region of a row of `hbase:meta`: undefined where it was split, or no server has it now. */
export function regionOf(cells: readonly Cell[]): Region | undefined {
  const column = (name: string): Cell | undefined =>
    cells.find(({ qualifier }) => Buffer.from(qualifier).toString() === name);
  const info = column('regioninfo');
  const server = addressOf(Buffer.from(column('server')?.value ?? []).toString());
  if (info === undefined || server === undefined) return undefined;
  const value = Buffer.from(info.value);
  if (!value.subarray(0, magic.length).equals(magic)) return undefined;
  const { startKey, endKey, split, offline } = regionInfo.decode(
    value.subarray(magic.length),
  ) as unknown as RegionInfo;
  if (split || offline) return undefined;
  return { name: Buffer.from(info.row), start: Buffer.from(startKey), end: Buffer.from(endKey), server };
}

interface RegionInfo {
  readonly startKey: Uint8Array;
  readonly endKey: Uint8Array;
  readonly split: boolean;
  readonly offline: boolean;
}

function addressOf(server: string): Address | undefined {
  const [, host, port] = /^(.+):(\d+)$/.exec(server) ?? [];
  return host === undefined ? undefined : { host, port: Number(port) };
}
