import { isLifecycleType, lifecycleKindsOf, lifecycleType } from './lifecycle.ts';

test('there are the 18 kinds of the specification', () => {
  const kinds = lifecycleKindsOf('all');
  const of = (subject: string): string[] => kinds.filter((kind) => kind.startsWith(`${subject}.`));
  expect([of('workflow').length, of('task').length, kinds.length]).toEqual([9, 9, 18]);
});

test.each([
  [['task.faulted'], ['task.faulted']],
  [['*.suspended'], ['workflow.suspended', 'task.suspended']],
  [
    ['task.completed', 'io.serverlessworkflow.task.c*.v1'],
    ['task.created', 'task.cancelled', 'task.completed'],
  ],
  [['workflow.correlation-*'], ['workflow.correlation-started', 'workflow.correlation-completed']],
  [['taskXfaulted'], []],
  [['faulted'], []],
  [['(task).*'], []],
  [[], []],
])('%j means %j', (patterns, kinds) => {
  expect(lifecycleKindsOf(patterns)).toEqual(kinds);
});

test('off means none', () => {
  expect(lifecycleKindsOf('off')).toEqual([]);
});

test('types are told from those of others', () => {
  expect(lifecycleType('task.retried')).toBe('io.serverlessworkflow.task.retried.v1');
  expect(isLifecycleType('io.serverlessworkflow.task.retried.v1')).toBe(true);
  expect(isLifecycleType('io.serverlessworkflow.store.opened.v1')).toBe(false);
});
