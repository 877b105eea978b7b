import { createTaskLog, type TaskLog, type TaskRecord } from './task-log.ts';

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
