import type { Row, Rows } from './driver.ts';

/** The rows of a page, for databases that give one row after the other. */
export interface PageRows {
  /** Takes the row unless the page is full; resolves to whether it took it. */
  take(row: () => Row): boolean;
  rows(): Rows;
}

/** Starts a page; a row that comes when it is full tells that there are more. */
export function pageRows(limit: number, maxSize: number): PageRows {
  const rows: Row[] = [];
  let size = 0;
  let more = false;
  return {
    take(next) {
      more = rows.length === limit || size > maxSize;
      if (more) return false;
      const row = next();
      rows.push(row);
      size += row.text.length;
      return true;
    },
    rows: () => ({ rows, more }),
  };
}
