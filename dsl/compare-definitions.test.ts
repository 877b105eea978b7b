import { checkDefinition } from './check.ts';
import { compareDefinitions } from './compare-definitions.ts';
import type { Definition } from './types.ts';

function definition(body: string, header = ''): Definition {
  const document = `{ dsl: '1.0.3', namespace: shop, name: order, version: '1.0.0'${header} }`;
  const checked = checkDefinition(`document: ${document}\n${body}`);
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  return checked.definition;
}

/** The differences of two bodies, each as a line. */
function differences(from: string | Definition, to: string | Definition): readonly string[] {
  const [old, recent] = [from, to].map((given) => (typeof given === 'string' ? definition(given) : given));
  if (old === undefined || recent === undefined) return [];
  return compareDefinitions(old, recent).map(({ reference, change, from: before }) =>
    before === undefined ? `${change} ${reference}` : `${change} ${before} to ${reference}`,
  );
}

const tasks = (names: string): string => {
  const list = names.split('').map((name) => `{ ${name}: { set: { name: ${name} } } }`);
  return `do: [${list.join(', ')}]`;
};

describe('tasks of one list', () => {
  test('that are the same, however they are written', () => {
    expect(
      differences(`do: [{ a: { wait: PT1S, if: .x } }]`, `do:\n  - a:\n      if: .x\n      wait: PT1S`),
    ).toEqual([]);
  });

  test.each<[string, string, readonly string[]]>([
    ['abc', 'xabc', ['added /do/0/x']],
    ['abc', 'abxc', ['added /do/2/x']],
    ['xabc', 'abc', ['removed /do/0/x']],
    ['abc', 'xbc', ['removed /do/0/a', 'added /do/0/x']],
    ['abc', 'cab', ['moved /do/2/c to /do/0/c']],
    ['abc', 'bca', ['moved /do/0/a to /do/2/a']],
    ['ab', 'ba', ['moved /do/0/a to /do/1/a']],
    ['abcd', 'adcbx', ['moved /do/3/d to /do/1/d', 'moved /do/1/b to /do/3/b', 'added /do/4/x']],
  ])('%s to %s', (from, to, expected) => {
    expect(differences(tasks(from), tasks(to))).toEqual(expected);
  });

  test('that changed, in a place of their own or in that of another', () => {
    const old = `do: [{ a: { wait: PT1S } }, { b: { set: { n: 1 } } }, { c: { wait: PT1S } }]`;
    expect(differences(old, old.replace('n: 1', 'n: 2'))).toEqual(['changed /do/1/b']);
    expect(differences(old, old.replace('set: { n: 1 }', 'wait: PT1S'))).toEqual(['changed /do/1/b']);
    expect(
      differences(
        old,
        `do: [{ c: { wait: PT2S } }, { x: { wait: PT1S } }, { a: { wait: PT1S, then: b } }, { b: { set: { n: 1 } } }]`,
      ),
    ).toEqual(['moved /do/2/c to /do/0/c', 'changed /do/0/c', 'added /do/1/x', 'changed /do/2/a']);
  });

  test('whose names have the signs of pointers', () => {
    expect(differences(`do: []`, `do: [{ 'a/b~c': { wait: PT1S } }]`)).toEqual(['added /do/0/a~1b~0c']);
  });
});

describe('tasks in tasks', () => {
  const inner = (second: number): string => `[{ x: { wait: PT1S } }, { y: { wait: PT${second}S } }]`;

  test.each([
    ['do', (list: string) => `do: ${list}`, '/do/0/a/do/1/y'],
    ['for', (list: string) => `for: { in: .all }, do: ${list}`, '/do/0/a/do/1/y'],
    ['fork', (list: string) => `fork: { branches: ${list} }`, '/do/0/a/fork/branches/1/y'],
    ['try', (list: string) => `try: ${list}, catch: {}`, '/do/0/a/try/1/y'],
    ['catch', (list: string) => `try: [], catch: { do: ${list} }`, '/do/0/a/catch/do/1/y'],
    [
      'listen',
      (list: string) => `listen: { to: { any: [] } }, foreach: { do: ${list} }`,
      '/do/0/a/foreach/do/1/y',
    ],
    [
      'a subscription',
      (list: string) =>
        `call: asyncapi, with: { document: { endpoint: 'https://x.test' }, channel: c, subscription: { consume: { amount: 1 }, foreach: { do: ${list} } } }`,
      '/do/0/a/with/subscription/foreach/do/1/y',
    ],
    [
      'compensate',
      (list: string) => `wait: PT1S, metadata: { compensate: ${list} }`,
      '/do/0/a/metadata/compensate/1/y',
    ],
  ])('of %s are told of by themselves', (_, task, reference) => {
    const version = (list: string): string => `do: [{ a: { ${task(list)} } }]`;
    expect(differences(version(inner(1)), version(inner(2)))).toEqual([`changed ${reference}`]);
  });

  test('have the pointers of the version that has them', () => {
    const old = `do: [{ a: { do: [{ b: { do: [{ x: { wait: PT1S } }, { y: { wait: PT1S } }, { z: { wait: PT1S } }] } }] } }]`;
    const recent = `do: [{ n: { wait: PT1S } }, { a: { do: [{ m: { wait: PT1S } }, { b: { do: [{ y: { wait: PT1S } }, { x: { wait: PT2S } }] } }] } }]`;
    expect(differences(old, recent)).toEqual([
      'added /do/0/n',
      'added /do/1/a/do/0/m',
      'removed /do/0/a/do/0/b/do/2/z',
      'moved /do/0/a/do/0/b/do/0/x to /do/1/a/do/1/b/do/1/x',
      'changed /do/1/a/do/1/b/do/1/x',
    ]);
  });

  test('that go with their task are not told of', () => {
    const old = `do: [{ a: { do: ${inner(1)} } }, { b: { wait: PT1S } }]`;
    expect(differences(old, `do: [{ b: { wait: PT1S } }]`)).toEqual(['removed /do/0/a']);
    expect(differences(old, old.replace('{ a:', '{ c:'))).toEqual(['removed /do/0/a', 'added /do/0/c']);
  });

  test('leave their task as it is; whether it has any list is its own', () => {
    const task = (caught: string): string => `do: [{ a: { try: [], catch: ${caught} } }]`;
    expect(differences(task('{ do: [] }'), task(`{ do: ${inner(1)} }`))).toEqual([
      'added /do/0/a/catch/do/0/x',
      'added /do/0/a/catch/do/1/y',
    ]);
    expect(differences(task('{}'), task('{ do: [] }'))).toEqual(['changed /do/0/a']);
    const undone = `do: [{ a: { wait: PT1S, metadata: { owner: me, compensate: [{ undo: { wait: PT1S } }] } } }]`;
    expect(differences(`do: [{ a: { wait: PT1S, metadata: { owner: me } } }]`, undone)).toEqual([
      'changed /do/0/a',
      'added /do/0/a/metadata/compensate/0/undo',
    ]);
  });

  test('that are data are part of their task', () => {
    const data = (n: number): string => `do: [{ a: { set: { do: [{ x: { n: ${n} } }], try: [] } } }]`;
    expect(differences(data(1), data(2))).toEqual(['changed /do/0/a']);
  });
});

test('functions, and the tasks in them', () => {
  const use = (functions: string): string => `use: { functions: ${functions} }\ndo: []`;
  expect(
    differences(
      use('{ f: { do: [{ x: { wait: PT1S } }] }, g: { wait: PT1S }, h: { wait: PT1S } }'),
      use(`{ k: { wait: PT1S }, h: { wait: PT2S }, f: { do: [{ x: { wait: PT2S } }] } }`),
    ),
  ).toEqual([
    'removed /use/functions/g',
    'changed /use/functions/f/do/0/x',
    'changed /use/functions/h',
    'added /use/functions/k',
  ]);
});

test('extensions, and the tasks in them', () => {
  const use = (...extensions: readonly string[]): string =>
    `use: { extensions: [${extensions.join(', ')}] }\ndo: []`;
  const log = (wait: string): string => `{ log: { extend: all, before: [{ x: { wait: ${wait} } }] } }`;
  const check = (extend: string): string => `{ check: { extend: ${extend}, after: [] } }`;
  expect(differences(use(log('PT1S'), check('call')), use(log('PT2S'), check('all')))).toEqual([
    'changed /use/extensions/0/log/before/0/x',
    'changed /use/extensions/1/check',
  ]);
  expect(differences(use(log('PT1S'), check('all')), use(check('all'), log('PT1S')))).toEqual([
    'moved /use/extensions/0/log to /use/extensions/1/log',
  ]);
});

describe('other parts', () => {
  test('that executions feel, in a fixed order', () => {
    const [old, recent] = [1, 2].map(
      (n) => `input: { from: '.a${n}' }
use:
  timeouts: { b: { after: PT${n}S }, a: { after: PT${n}S } }
  secrets: [s${n}]
  retries: { r: { delay: PT${n}S }, r${n}: {} }
  errors: { e: { type: 'https://x.test', status: ${n} } }
  authentications: { p: { bearer: { use: s${n} } } }
do: []
timeout: { after: PT${n}S }
output: { as: '.a${n}' }
schedule: { every: PT${n}S }
evaluate: { mode: ${n === 1 ? 'strict' : 'loose'} }
`,
    );
    expect(differences(old ?? '', recent ?? '')).toEqual([
      'removed /use/retries/r1',
      'changed /input',
      'changed /timeout',
      'changed /output',
      'changed /schedule',
      'changed /evaluate',
      'changed /use/secrets',
      'changed /use/authentications/p',
      'changed /use/errors/e',
      'changed /use/retries/r',
      'added /use/retries/r2',
      'changed /use/timeouts/a',
      'changed /use/timeouts/b',
    ]);
    expect(differences('do: []', `do: []\noutput: { as: .x }`)).toEqual(['added /output']);
    expect(differences(`do: []\ntimeout: { after: PT1S }`, 'do: []')).toEqual(['removed /timeout']);
  });

  test('what was read when they were deployed', () => {
    const call = `do: [{ a: { call: 'log:1.0.0@default' } }]`;
    const deployed = (digest: string): Definition => ({
      ...definition(call),
      resources: {
        functions: { 'log:1.0.0@default': { uri: 'log:1.0.0@default', digest, task: { wait: 'PT1S' } } },
      },
    });
    expect(differences(deployed('1'), deployed('2'))).toEqual([
      'changed /resources/functions/log:1.0.0@default',
    ]);
  });

  test('of the header nothing but what happens on a fault', () => {
    const header = ', title: Order, tags: { a: b }, metadata: { onFault: hold, owner: shop }';
    expect(differences('do: []', definition('do: []', header))).toEqual(['added /document/metadata/onFault']);
  });
});
