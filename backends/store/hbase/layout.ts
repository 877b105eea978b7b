/**
 * How a document lies in its row, whose key is the document's in UTF-8. Column `v` holds its version, for conditions;
 * column `j` the version again and the JSON, so that one column is all there is to read. A document is there when `j` is.
 *
 * Of two cells in a column HBase shows the one with the later time, and a deletion covers all up to its time, written
 * before or after it. So times are not the clock's alone: each is above that of what it replaces. And a deletion leaves
 * a mark in `v`, from which the next write takes its time: a machine whose clock is behind would else write below the
 * deletion, where nobody sees it. The mark goes by itself after a day; no clock is behind it then.
 */
import { randomUUID } from 'node:crypto';
import type { Row } from '../driver.ts';
import type { Cell, Column, Condition, Mutation } from './messages.ts';
import { messageType } from './schema.ts';

/** What column `v` of a row holds: the version of a document, or the mark of a deletion. */
export interface Version {
  readonly text: string;
  /** Of its cells: milliseconds since 1970, or a little more. */
  readonly time: number;
}

export const family = Buffer.from('d');
const version = Buffer.from('v');
const json = Buffer.from('j');

export const versionColumn: Column = { family, qualifier: [version] };
export const documentColumn: Column = { family, qualifier: [json] };

const markLastsMs = 24 * 3_600_000;

// Numbers of the protocol: MutationType, DeleteType, CompareType.
const putType = 2;
const deleteType = 3;
const allUpToTime = 1;
const equal = 2;

const comparator = messageType('BinaryComparator');

/** Holds while the row has this version; undefined: neither a version nor a mark. */
export function versionIs(row: Buffer, expected: Version | undefined): Condition {
  // To HBase, a column that is not there equals the empty value.
  const value = Buffer.from(expected?.text ?? '');
  return {
    row,
    family,
    qualifier: version,
    compareType: equal,
    comparator: {
      name: 'org.apache.hadoop.hbase.filter.BinaryComparator',
      serializedComparator: comparator.encode({ comparable: { value } }).finish(),
    },
  };
}

/** The version that comes after another one, or after none. */
export function nextVersion(text: string, old: Version | undefined): Version {
  return { text, time: Math.max(Date.now(), (old?.time ?? 0) + 1) };
}

/** A mark for {@link documentRemoved}. */
export function nextMark(old: Version): Version {
  return nextVersion(`!${randomUUID()}`, old);
}

export function isMark({ text }: Version): boolean {
  return text.startsWith('!');
}

/** Puts a document into its row. */
export function documentWritten(row: Buffer, { text, time }: Version, value: string): Mutation[] {
  const cells = [
    { qualifier: version, value: Buffer.from(text), timestamp: time },
    { qualifier: json, value: Buffer.from(`${text} ${value}`), timestamp: time },
  ];
  return [{ row, mutateType: putType, columnValue: [{ family, qualifierValue: cells }] }];
}

/** Takes the document out of its row and leaves the mark. */
export function documentRemoved(row: Buffer, mark: Version): Mutation[] {
  // The versions below the mark go too: they would be seen again when it is gone.
  const gone = [
    { qualifier: version, timestamp: mark.time - 1, deleteType: allUpToTime },
    { qualifier: json, timestamp: mark.time, deleteType: allUpToTime },
  ];
  const left = [{ qualifier: version, value: Buffer.from(mark.text), timestamp: mark.time }];
  const lasts = Buffer.alloc(8);
  lasts.writeBigInt64BE(BigInt(markLastsMs));
  return [
    { row, mutateType: deleteType, columnValue: [{ family, qualifierValue: gone }] },
    {
      row,
      mutateType: putType,
      columnValue: [{ family, qualifierValue: left }],
      attribute: [{ name: '_ttl', value: lasts }],
    },
  ];
}

/** What {@link versionColumn} holds of a row, if anything. */
export function versionIn([cell]: readonly Cell[]): Version | undefined {
  return cell && { text: Buffer.from(cell.value).toString(), time: timeOf(cell) };
}

/** The document that {@link documentColumn} holds of a row, if any. */
export function documentIn([cell]: readonly Cell[]): Row | undefined {
  if (cell === undefined) return undefined;
  const value = Buffer.from(cell.value).toString();
  const space = value.indexOf(' ');
  return {
    key: Buffer.from(cell.row).toString(),
    version: value.slice(0, space),
    text: value.slice(space + 1),
  };
}

function timeOf({ timestamp }: Cell): number {
  return typeof timestamp === 'number' ? timestamp : timestamp.toNumber();
}
