import type { JsonObject } from './json.ts';
import { extensionLists, nestedLists } from './nested-lists.ts';

const tasks = [{ pause: { wait: 'PT1S' } }];

test.each<[readonly string[], JsonObject]>([
  [['/do'], { do: tasks }],
  [['/do'], { for: { in: '.lines' }, do: tasks }],
  [['/fork/branches'], { fork: { branches: tasks } }],
  [['/try', '/catch/do'], { try: tasks, catch: { do: tasks } }],
  [['/foreach/do'], { listen: { to: { any: [] } }, foreach: { do: tasks } }],
  [
    ['/with/subscription/foreach/do'],
    { call: 'asyncapi', with: { subscription: { foreach: { do: tasks } } } },
  ],
  [['/metadata/compensate'], { wait: 'PT1S', metadata: { compensate: tasks } }],
  [['/do', '/metadata/compensate'], { do: [], metadata: { compensate: tasks } }],
])('%j in %j', (pointers, task) => {
  expect(nestedLists(task).map(({ pointer }) => pointer)).toEqual(pointers);
});

test.each<[string, JsonObject]>([
  ['data', { set: { do: tasks, try: tasks }, metadata: { do: tasks } }],
  ["a function's arguments", { call: 'each', with: { subscription: { foreach: { do: tasks } } } }],
  ['what is no list', { do: 5, try: { a: 1 }, catch: null, fork: [], metadata: { compensate: 'call them' } }],
])('none in %s', (_, task) => expect(nestedLists(task)).toEqual([]));

test('those of an extension', () => {
  const extension = { extend: 'all', after: tasks, before: tasks };
  expect(extensionLists(extension).map(({ pointer }) => pointer)).toEqual(['/before', '/after']);
});
