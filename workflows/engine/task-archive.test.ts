import { createTaskArchive } from './task-archive.ts';
import type { TaskRecord } from './task-log.ts';

function record(seq: number, more: Partial<TaskRecord> = {}): TaskRecord {
  return {
    seq,
    reference: `/do/${seq % 3}/task`,
    name: `task ${seq % 3}`,
    attempt: 1,
    status: 'completed',
    startedAt: seq,
    endedAt: seq + 1,
    ...more,
  };
}

test('gives back what it got, but for the data', () => {
  const archive = createTaskArchive();
  const statuses = ['running', 'waiting', 'completed', 'faulted', 'cancelled', 'skipped'] as const;
  const records = statuses.map((status, index) =>
    record(index + 1, { status, attempt: index + 1, ...(index === 2 ? { iterations: 12 } : {}) }),
  );
  for (const added of records) archive.add({ ...added, input: { n: 1 }, output: [] });
  expect(archive.page(Infinity, 100)).toEqual(records);
});

test('gives the latest before a number in order, whatever order they ended in', () => {
  const archive = createTaskArchive();
  for (const seq of [4, 2, 9, 1, 7]) archive.add(record(seq));
  const seqs = (before: number, limit: number): number[] => archive.page(before, limit).map(({ seq }) => seq);
  expect(seqs(Infinity, 3)).toEqual([4, 7, 9]);
  expect(seqs(9, 2)).toEqual([4, 7]);
  expect(seqs(4, 10)).toEqual([1, 2]);
  expect(seqs(1, 10)).toEqual([]);
});

test('tens of thousands are told page by page', () => {
  const archive = createTaskArchive();
  for (let seq = 1; seq <= 30_000; seq++) archive.add(record(seq));
  const page = archive.page(15_001, 500);
  expect([page.length, page[0]?.seq, page.at(-1)?.seq]).toEqual([500, 14_501, 15_000]);
});
