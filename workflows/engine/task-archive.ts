/**
 * Task runs that the status no longer lists, in as little memory as they can be told from: pages of them are asked for
 * one run at a time, and a run has at most some ten thousands.
 */
import type { TaskRecord } from './task-log.ts';

export interface TaskArchive {
  add(record: TaskRecord): void;
  /** The latest `limit` task runs with a number below `before`, in order of their numbers. */
  page(before: number, limit: number): TaskRecord[];
}

const statuses = [
  'running',
  'waiting',
  'completed',
  'faulted',
  'cancelled',
  'skipped',
] as const satisfies readonly TaskRecord['status'][];

// seq, place, attempt, status, startedAt, endedAt, iterations
const width = 7;

export function createTaskArchive(): TaskArchive {
  const places: (readonly [reference: string, name: string])[] = [];
  const indices = new Map<string, number>();
  const columns: number[] = [];

  function placeOf({ reference, name }: TaskRecord): number {
    const known = indices.get(reference);
    if (known !== undefined) return known;
    indices.set(reference, places.length);
    return places.push([reference, name]) - 1;
  }

  function recordAt(row: number): TaskRecord {
    const [seq = 0, place = 0, attempt = 1, status = 0, startedAt = 0, endedAt = 0, iterations = 0] =
      columns.slice(row * width, (row + 1) * width);
    const [reference, name] = places[place] ?? ['', ''];
    return {
      seq,
      reference,
      name,
      attempt,
      status: statuses[status] ?? 'completed',
      startedAt,
      endedAt,
      ...(iterations > 0 && { iterations }),
    };
  }

  return {
    add(record) {
      const { seq, attempt, status, startedAt, endedAt = startedAt, iterations = 0 } = record;
      columns.push(seq, placeOf(record), attempt, statuses.indexOf(status), startedAt, endedAt, iterations);
    },
    page(before, limit) {
      const rows = Array.from({ length: columns.length / width }, (_, row) => row)
        .filter((row) => (columns[row * width] ?? 0) < before)
        // Task runs end in another order than they start.
        .sort((left, right) => (columns[right * width] ?? 0) - (columns[left * width] ?? 0));
      return rows.slice(0, limit).reverse().map(recordAt);
    },
  };
}
