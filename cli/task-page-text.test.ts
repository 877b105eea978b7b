import { taskPageText } from './task-page-text.ts';

const now = Date.parse('2030-01-01T00:00:10Z');
const task = {
  seq: 41,
  reference: '/do/0/pay',
  name: 'pay',
  status: 'completed' as const,
  attempt: 2,
  startedAt: '2030-01-01T00:00:00Z',
  endedAt: '2030-01-01T00:00:01Z',
};

test('a page says how to see the one before', () => {
  const text = taskPageText('order 1', { tasks: [task], before: 41, runId: 'run-1' }, now);
  expect(text).toMatch(/^SEQ +TASK .*\n41 +\/do\/0\/pay +completed +2 .* 1\.0 s\n/);
  expect(text).toContain("Earlier ones: perdure tasks 'order 1' --before 41 --run run-1\n");
});

test('the first page ends there, or says that the rest is gone', () => {
  expect(taskPageText('a', { tasks: [task], before: null, runId: 'r' }, now)).not.toContain('Earlier');
  const gone = { tasks: [task], before: null, runId: 'r', earlierUnavailable: true };
  expect(taskPageText('a', gone, now)).toContain('Earlier ones are past their retention time.\n');
});
