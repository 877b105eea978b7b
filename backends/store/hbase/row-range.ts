/** What is left of a range of rows when a scan got somewhere. */
import type { Region } from './region.ts';

/** From `first` up to below `end`, or, in reverse, from below `end` down to `first`. */
export interface RowRange {
  readonly first: Buffer;
  /** Undefined: up to the last row. */
  readonly end: Buffer | undefined;
  readonly reverse: boolean;
}

/** What comes behind `row`, which was found. */
export function behindRow(range: RowRange, row: Buffer): RowRange {
  return range.reverse ? { ...range, end: row } : { ...range, first: above(row) };
}

/** What comes at `row` and behind it. */
export function fromRow(range: RowRange, row: Buffer): RowRange {
  return range.reverse ? { ...range, end: above(row) } : { ...range, first: row };
}

/** What lies behind the region; undefined where that is nothing. */
export function behindRegion(range: RowRange, region: Pick<Region, 'start' | 'end'>): RowRange | undefined {
  const { first, end, reverse } = range;
  if (reverse) return region.start.compare(first) <= 0 ? undefined : { ...range, end: region.start };
  const isLast = region.end.length === 0 || (end !== undefined && region.end.compare(end) >= 0);
  return isLast ? undefined : { ...range, first: region.end };
}

/** The lowest row above `row`. */
function above(row: Buffer): Buffer {
  return Buffer.concat([row, Buffer.of(0)]);
}
