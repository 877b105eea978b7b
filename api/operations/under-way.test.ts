import type { TaskRun } from '../../workflows/contract.ts';
import { underWay } from './under-way.ts';

const task = (seq: number, status: TaskRun['status']): TaskRun => ({
  seq,
  reference: `/do/${seq}/t`,
  name: 't',
  status,
  attempt: 1,
  startedAt: '2030-01-01T00:00:00.000Z',
});

test('of a report only what goes on and what is still to undo is left, in its order', () => {
  const report = {
    status: 'waiting',
    tasks: [task(1, 'completed'), task(2, 'waiting'), task(3, 'running'), task(4, 'faulted')],
    omittedTasks: 0,
    compensations: [
      { reference: '/do/3/t', name: 't', status: 'completed' },
      { reference: '/do/2/t', name: 't', status: 'running' },
      { reference: '/do/1/t', name: 't', status: 'registered' },
      { reference: '/do/0/t', name: 't', status: 'failed' },
    ],
    children: [{ reference: '/do/3/t', workflowId: 'child' }],
  } as const;
  expect(underWay({ report }, 'waiting')).toEqual({
    status: 'waiting',
    tasks: [task(2, 'waiting'), task(3, 'running')],
    compensations: [
      { reference: '/do/2/t', name: 't', status: 'running' },
      { reference: '/do/1/t', name: 't', status: 'registered' },
    ],
    omittedCompensations: 0,
    children: [{ reference: '/do/3/t', workflowId: 'child' }],
  });
});

test('without a report nothing is known, and the answer says why', () => {
  expect(underWay({ unavailable: 'No worker can be asked' }, 'running')).toEqual({
    status: 'running',
    tasks: [],
    compensations: [],
    omittedCompensations: 0,
    children: [],
    tasksUnavailable: 'No worker can be asked',
  });
});
