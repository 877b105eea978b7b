import type { Definition } from '../dsl/types.ts';
import { Problem } from './problem.ts';
import { checkStartAt, startAtBody } from './start-at.ts';

const nap = { wait: { seconds: 1 } };
const loop = (inner: object) => ({ for: { in: '.items' }, do: [inner] });
const definition = {
  document: { dsl: '1.0.3', namespace: 'shop', name: 'order', version: '1.0.0' },
  do: [{ first: nap }, { each: loop({ line: loop({ pack: nap }) }) }],
} as Definition;
const pack = '/do/1/each/do/0/line/do/0/pack';

function errorsOf(startAt: Parameters<typeof checkStartAt>[1]): unknown {
  try {
    checkStartAt(definition, startAt);
    return undefined;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    expect(error.problem).toBe('invalid-start');
    return error.body('r').errors;
  }
}

test('a task and the loops around it are found', () => {
  expect(errorsOf({ task: '/do/0/first' })).toBeUndefined();
  expect(
    errorsOf({ task: pack, iterations: { '/do/1/each': 2, '/do/1/each/do/0/line': 0 } }),
  ).toBeUndefined();
});

test('a task that is not there is pointed at', () => {
  expect(errorsOf({ task: '/do/0/last' })).toEqual([
    { pointer: '/startAt/task', message: 'the task at /do/0 is /do/0/first' },
  ]);
});

test('an iteration of what is no loop around the task is pointed at, and the loops are named', () => {
  const iterations = { '/do/0/first': 1, [pack]: 1 };
  expect(errorsOf({ task: pack, iterations })).toEqual([
    {
      pointer: '/startAt/iterations/~1do~10~1first',
      message: `is not the reference of a for task around ${pack}: it is /do/1/each or /do/1/each/do/0/line`,
    },
    {
      pointer: expect.any(String) as string,
      message: expect.stringContaining('is not the reference') as string,
    },
  ]);
  expect(errorsOf({ task: '/do/1/each', iterations: { '/do/1/each': 1 } })).toEqual([
    expect.objectContaining({ message: expect.stringContaining('there is none') as string }),
  ]);
});

test.each([
  {},
  { task: '' },
  { task: pack, iterations: { a: -1 } },
  { task: pack, iterations: { a: 1.5 } },
  { task: pack, at: 1 },
])('%j is not what a start takes', (body) => {
  expect(startAtBody.safeParse(body).success).toBe(false);
});
