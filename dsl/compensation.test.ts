import { compensationOf } from './compensation.ts';
import type { Task } from './types.ts';

const undo = [{ refund: { wait: 'PT1S' } }];

test('the tasks that undo a task stand in its metadata', () => {
  const task: Task = { wait: 'PT1S', metadata: { owner: 'shop', compensate: undo } };
  expect(compensationOf(task)).toEqual(undo);
});

test.each([
  ['no metadata', undefined],
  ['other metadata', { owner: 'shop' }],
  ['a text, as older definitions may have', { compensate: 'call the shop' }],
  ['an empty list', { compensate: [] }],
])('nothing undoes a task with %s', (_, metadata) => {
  expect(compensationOf({ wait: 'PT1S', metadata })).toBeUndefined();
});
