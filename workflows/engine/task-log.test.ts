import { createTaskLog, type TaskLog, type TaskRecord } from './task-log.ts';
import type { TaskRun } from '../contract.ts';

function begin(log: TaskLog, seq: number): TaskRecord {
  return log.begin({ seq, reference: `/do/${seq}/task`, name: 'task', attempt: 1, startedAt: seq * 1_000 });
}

test('lists task runs in order with their times', () => {
  const log = createTaskLog(10);
  const first = begin(log, 1);
  begin(log, 2);
  log.end(first, 'completed', 1_500);
  expect(log.list()).toEqual([
    {
      seq: 1,
      reference: '/do/1/task',
      name: 'task',
      status: 'completed',
      attempt: 1,
      startedAt: '1970-01-01T00:00:01.000Z',
      endedAt: '1970-01-01T00:00:01.500Z',
    },
    {
      seq: 2,
      reference: '/do/2/task',
      name: 'task',
      status: 'running',
      attempt: 1,
      startedAt: '1970-01-01T00:00:02.000Z',
    },
  ]);
});

test('keeps what is under way and drops old task runs that ended', () => {
  const log = createTaskLog(3);
  begin(log, 0);
  for (let seq = 1; seq <= 20; seq++) log.end(begin(log, seq), 'completed', seq * 1_000);
  expect(log.list().map((run) => run.seq)).toEqual([0, 18, 19, 20]);
});

test('waits only while nothing else is under way', () => {
  const log = createTaskLog(3);
  const pause = begin(log, 1);
  log.waiting(pause, true);
  expect([log.status(), log.list()[0]?.status]).toEqual(['waiting', 'waiting']);
  log.working(1);
  expect(log.status()).toBe('running');
  log.working(-1);
  log.waiting(pause, false);
  expect([log.status(), log.list()[0]?.status]).toEqual(['running', 'running']);
});

test('a task that is taken up again by its own run is one task run', () => {
  const log = createTaskLog(3);
  const first = begin(log, 1);
  const second = begin(log, 2);
  expect(begin(log, 1)).toBe(first);
  log.end(second, 'completed', 3_000);
  expect(log.list().map(({ seq, status }) => [seq, status])).toEqual([
    [1, 'running'],
    [2, 'completed'],
  ]);
});

describe('loops', () => {
  const place = (log: TaskLog, seq: number, reference: string): TaskRecord =>
    log.begin({ seq, reference, name: 'task', attempt: 1, startedAt: seq });

  test('task runs of an iteration that ended are counted, and those beside it stay', () => {
    const log = createTaskLog(100);
    const fork = place(log, 1, '/do/0/fork');
    const loop = place(log, 2, '/do/0/fork/fork/branches/0/loop');
    const beside = place(log, 3, '/do/0/fork/fork/branches/1/loopy');
    for (const seq of [4, 5]) log.end(place(log, seq, `${loop.reference}/do/0/task`), 'completed', seq);
    log.end(place(log, 6, `${beside.reference}/do/0/task`), 'completed', 6);
    log.iterationEnded(loop, 1);
    const open = place(log, 7, `${loop.reference}/do/0/task`);
    expect(log.list().map(({ seq, iterations }) => [seq, iterations])).toEqual([
      [1, undefined],
      [2, 1],
      [3, undefined],
      [6, undefined],
      [7, undefined],
    ]);
    for (const record of [open, beside, loop, fork]) log.end(record, 'completed', 8);
    expect(log.page(Infinity, 100).tasks.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test('also where a loop was taken up before an older task beside it', () => {
    const log = createTaskLog(100, 10);
    const loop = place(log, 5, '/do/0/fork/fork/branches/0/loop');
    const inner = place(log, 9, `${loop.reference}/do/0/task`);
    place(log, 3, '/do/0/fork/fork/branches/1/other');
    log.end(inner, 'completed', 9);
    log.iterationEnded(loop, 4);
    expect(log.list().map(({ seq, iterations }) => [seq, iterations])).toEqual([
      [3, undefined],
      [5, 4],
    ]);
  });

  test('an inner loop that was archived keeps its count', () => {
    const log = createTaskLog(100);
    const outer = place(log, 1, '/do/0/outer');
    const inner = place(log, 2, '/do/0/outer/do/0/inner');
    log.iterationEnded(inner, 3);
    log.end(inner, 'completed', 3);
    log.iterationEnded(outer, 1);
    expect(log.page(Infinity, 100).tasks).toMatchObject([
      { seq: 1, iterations: 1 },
      { seq: 2, iterations: 3 },
    ]);
  });
});

describe('pages', () => {
  const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

  /** Every page of one run, as a caller asks for them: each before the first number of the one before. */
  function pages(log: TaskLog, limit: number): TaskRun[][] {
    const found: TaskRun[][] = [];
    for (let before = Infinity; ;) {
      const { tasks, firstSeq } = log.page(before, limit);
      found.unshift([...tasks]);
      before = tasks[0]?.seq ?? 0;
      expect(bytes(tasks)).toBeLessThanOrEqual(256 * 1_024);
      if (before <= firstSeq) return found;
    }
  }

  /** Some that end at once, some that end late, and every seventh that goes on. */
  function fill(log: TaskLog, from: number, to: number, name: string): TaskRecord[] {
    const open: TaskRecord[] = [];
    for (let seq = from; seq <= to; seq++) {
      const reference = `/do/${seq % 10}/${name}`;
      const input = 'x'.repeat(1_000);
      const record = log.begin({ seq, reference, name, attempt: 1, startedAt: seq, input });
      if (seq % 7 === 0) open.push(record);
      else log.end(record, 'completed', seq, input);
    }
    return open;
  }

  const names = ['short', 'n'.repeat(5_000), '\u0001'.repeat(5_000), '€'.repeat(300_000)];

  test.each(names.flatMap((name) => [1, 10, 1_000].map((limit) => [name, limit] as const)))(
    'hold every task run once and in order: %#',
    (name, limit) => {
      const log = createTaskLog(20);
      fill(log, 1, 300, name);
      const seqs = pages(log, limit).flatMap((tasks) => tasks.map(({ seq }) => seq));
      expect(seqs).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
    },
  );

  test('of several runs hold those that began in each', () => {
    const first = createTaskLog(20);
    const open = fill(first, 1, 100, 'task');
    const second = createTaskLog(20, 101);
    // Taken up from the outside in, whatever their numbers; some of them end.
    for (const { reference, seq } of open.toReversed()) {
      const again = second.begin({ seq, reference, name: 'task', attempt: 1, startedAt: seq });
      if (seq % 2 === 0) second.end(again, 'completed', 200);
    }
    fill(second, 101, 200, 'task');
    const seqs = [first, second].flatMap((log) => pages(log, 30).flat()).map(({ seq }) => seq);
    expect(seqs).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
  });

  test('leave data out before they leave task runs out', () => {
    const log = createTaskLog(1_000);
    fill(log, 1, 1_000, 'task');
    const list = log.list();
    expect(list.length).toBe(1_000);
    // That of tasks under way is left last.
    expect(list.find(({ seq }) => seq === 994)).toMatchObject({ input: 'x'.repeat(1_000) });
    expect(list[0]).not.toHaveProperty('input');
    expect(bytes(list)).toBeLessThanOrEqual(192 * 1_024);
  });

  test('the latest ones are listed where not all fit', () => {
    const log = createTaskLog(1_000);
    fill(log, 1, 1_000, 'n'.repeat(900));
    const list = log.list(50_000);
    expect(bytes(list)).toBeLessThanOrEqual(50_000);
    expect(list.every(({ seq }) => seq % 7 === 0)).toBe(true);
    expect(list.at(-1)?.seq).toBe(994);
  });
});
