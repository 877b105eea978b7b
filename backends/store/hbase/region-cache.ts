import { hasRow, isRightBelow, type Region } from './region.ts';

/** The regions of one table that are known, none of which overlap. */
export class RegionCache {
  private regions: Region[] = [];

  /** The known region that has `row`. */
  at(row: Buffer): Region | undefined {
    return this.regions.find((region) => hasRow(region, row));
  }

  /** The known region that has the rows right below `row`, or the last ones of the table. */
  before(row: Buffer | undefined): Region | undefined {
    return this.regions.find((region) => isRightBelow(region, row));
  }

  /** Takes a region up in the place of all that it overlaps: those were split, merged or moved. */
  add(region: Region): void {
    this.regions = [...this.regions.filter((known) => !overlap(known, region)), region];
  }

  /** Forgets a region, unless it was replaced since. */
  remove(region: Region): void {
    this.regions = this.regions.filter((known) => known !== region);
  }
}

function overlap(left: Region, right: Region): boolean {
  return isBelow(left.start, right.end) && isBelow(right.start, left.end);
}

/** Whether a region's first row is below another's end. */
function isBelow(start: Buffer, end: Buffer): boolean {
  return end.length === 0 || start.compare(end) < 0;
}
