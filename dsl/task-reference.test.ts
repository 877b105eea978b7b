import { locateTask } from './task-reference.ts';
import type { Definition } from './types.ts';

const nap = { wait: { seconds: 1 } };
const definition: Definition = {
  document: { dsl: '1.0.3', namespace: 'shop', name: 'order', version: '1.0.0' },
  use: { functions: { greet: nap } },
  do: [
    { first: nap },
    { outer: { do: [{ inner: nap }, { 'a/b~c': nap }] } },
    {
      each: {
        for: { in: '.items' },
        do: [{ pack: { try: [{ ship: nap }], catch: { do: [{ mend: nap }] } } }],
      },
    },
    { both: { fork: { branches: [{ left: nap }, { right: { do: [{ deep: nap }] } }] } } },
    { hear: { listen: { to: { any: [] } }, foreach: { do: [{ note: nap }] } } },
    { greeting: { call: 'greet' } },
    { receive: { call: 'asyncapi', with: { subscription: { foreach: { do: [{ note: nap }] } } } } },
    { book: { ...nap, metadata: { compensate: [{ unbook: { wait: { seconds: 1 } } }] } } },
    { tried: { try: [{ toString: nap }], catch: {} } },
  ],
};

test.each([
  ['/do/0/first', ['root 0 first']],
  ['/do/1/outer', ['root 1 outer']],
  ['/do/1/outer/do/0/inner', ['root 1 outer', 'do 0 inner']],
  ['/do/1/outer/do/1/a~1b~0c', ['root 1 outer', 'do 1 a/b~c']],
  ['/do/2/each/do/0/pack/try/0/ship', ['root 2 each', 'for 0 pack', 'try 0 ship']],
  ['/do/3/both/fork/branches/0/left', ['root 3 both', 'branch 0 left']],
  ['/do/3/both/fork/branches/1/right/do/0/deep', ['root 3 both', 'branch 1 right', 'do 0 deep']],
  ['/do/8/tried/try/0/toString', ['root 8 tried', 'try 0 toString']],
])('%s is found, with the tasks around it', (reference, expected) => {
  const located = locateTask(definition, reference);
  const steps = located.ok ? located.steps : [];
  expect(steps.map(({ holder, index, name }) => `${holder} ${index} ${name}`)).toEqual(expected);
  expect(steps.at(-1)?.reference).toBe(reference);
});

test.each<[reference: string, reason: string]>([
  ['/do/2/each/do/0/pack/catch/do/0/mend', 'in a catch there is no error to handle'],
  ['/do/4/hear/foreach/do/0/note', 'in the foreach of a listener there is no event'],
  ['/do/5/greeting/call', 'a function runs only where a task calls it'],
  [
    '/do/6/receive/with/subscription/foreach/do/0/note',
    'in the foreach of a subscription there is no message',
  ],
  ['/do/7/book/metadata/compensate/0/unbook', 'a compensation runs only to undo its task'],
  ['/use/functions/greet', 'a function runs only where a task calls it'],
  ['/use/extensions/0/log/before/0/x', 'the tasks of an extension run only around other tasks'],
  ['first', 'the reference of a task begins with /do/'],
  ['', 'the reference of a task begins with /do/'],
  ['/do/0/second', 'the task at /do/0 is /do/0/first'],
  ['/do/1/outer/do/0/other', 'the task at /do/1/outer/do/0 is /do/1/outer/do/0/inner'],
])('%s is refused: %s', (reference, reason) => {
  expect(locateTask(definition, reference)).toEqual({ ok: false, reason });
});
