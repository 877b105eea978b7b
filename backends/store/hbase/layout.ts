/**
 * How a document lies in its row, whose key is the document's in UTF-8. Column `v` holds its version, for conditions;
 * column `j` the version again and the JSON, so that one column is all there is to read. A document is there when `j` is.
 *
 * A deletion takes `j` away and leaves a mark in `v`: what is written next takes its time from there. Without it, a
 * write by a machine whose clock is behind would lie below the deletion's time, and never be seen. The mark goes by
 * itself after a day, when no clock is behind it any more.
 */
import type { Json } from '../../../dsl/json.ts';
import type { StoredDocument } from '../port.ts';
import type { Cell, Column, Condition, Mutation } from './messages.ts';
import { messageType } from './schema.ts';
import { parseVersion, type Version } from './versions.ts';

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

/** What {@link versionColumn} holds of a row: a version, a mark, or nothing. Throws for what Perdure has not written. */
export function versionIn([cell]: readonly Cell[]): Version | undefined {
  if (cell === undefined) return undefined;
  const found = parseVersion(Buffer.from(cell.value).toString());
  if (found === undefined) throw new Error('Its table holds rows of another program');
  return found;
}

/** The document that {@link documentColumn} holds of a row, or undefined. Throws for what Perdure has not written. */
export function documentIn([cell]: readonly Cell[]): StoredDocument | undefined {
  if (cell === undefined) return undefined;
  const value = Buffer.from(cell.value).toString();
  const space = value.indexOf(' ');
  return {
    key: Buffer.from(cell.row).toString(),
    version: value.slice(0, space),
    value: JSON.parse(value.slice(space + 1)) as Json,
  };
}
