import { checkDefinition, checkFunction } from '../check.ts';

function problemsOf(tasks: string, use = '{}'): readonly string[] {
  const header = `document: { dsl: '1.0.3', namespace: shop, name: order, version: '1.0.0' }\nuse: ${use}\n`;
  const result = checkDefinition(`${header}do: ${tasks}`);
  return result.ok ? [] : result.errors.map(({ pointer, code }) => `${pointer} ${code}`);
}

const pay = "call: http, with: { method: post, endpoint: 'https://shop.test/pay' }";

describe('a list that undoes a task', () => {
  test('sees the input and output of the task, its own variables, and those around the task', () => {
    const undo = `{ refund: {
      if: '\${ $output.paid }',
      input: { from: '{ id: $output.id, for: $input.order, of: $line.sku }' },
      call: http,
      with: { method: post, endpoint: 'https://shop.test/refund/{id}', body: '\${ $input }', headers: { x-key: '\${ $secrets.key }' } },
      output: { as: '$output.id + $task.name' },
      export: { as: '$context + { refunded: $output, why: $problem, $workflow, $runtime }' } } }`;
    const task = `{ pay: { ${pay}, metadata: { compensate: [${undo}] } } }`;
    const caught = `{ risky: { try: [], catch: { as: problem, do: [${task}] } } }`;
    const loop = `{ each: { for: { each: line, in: .lines }, do: [${caught}] } }`;
    expect(problemsOf(`[${loop}]`, '{ secrets: [key] }')).toEqual([]);
  });

  test('does not see the variables within the task', () => {
    const undo = `[{ note: { set: { x: '\${ $item }', y: '\${ $error }' } } }]`;
    const loop = `{ each: { for: { in: .lines }, do: [], metadata: { compensate: ${undo} } } }`;
    const attempt = `{ risky: { try: [], catch: {}, metadata: { compensate: ${undo} } } }`;
    expect(problemsOf(`[${loop}, ${attempt}]`)).toEqual([
      '/do/0/each/metadata/compensate/0/note/set/x unavailable-variable',
      '/do/0/each/metadata/compensate/0/note/set/y unavailable-variable',
      '/do/1/risky/metadata/compensate/0/note/set/x unavailable-variable',
      '/do/1/risky/metadata/compensate/0/note/set/y unavailable-variable',
    ]);
  });

  test('gets no secret into data, neither its own nor that of the input', () => {
    const undo = `[{ note: { if: '$input.key', set: { key: '\${ $secrets.key }' } } }]`;
    const task = `{ pay: { input: { from: '{ key: $secrets.key }' }, ${pay}, metadata: { compensate: ${undo} } } }`;
    expect(problemsOf(`[${task}]`, '{ secrets: [key] }')).toEqual([
      '/do/0/pay/metadata/compensate/0/note/if unavailable-variable',
      '/do/0/pay/metadata/compensate/0/note/set/key secret-in-data',
    ]);
  });

  test('is a list like any other', () => {
    const undo = `[
      { a: { wait: PT1S, then: end } },
      { b: { call: refnd } },
      { b: { wait: soon, then: pay } },
      { c: { try: [{ d: { raise: { error: gone } } }], catch: {} } }]`;
    expect(problemsOf(`[{ pay: { ${pay}, metadata: { compensate: ${undo} } } }]`)).toEqual([
      '/do/0/pay/metadata/compensate/1/b/call unknown-reference',
      '/do/0/pay/metadata/compensate/2/b duplicate',
      '/do/0/pay/metadata/compensate/2/b/wait format',
      '/do/0/pay/metadata/compensate/2/b/then unknown-target',
      '/do/0/pay/metadata/compensate/3/c/try/0/d/raise/error unknown-reference',
    ]);
    const unreachable = '[{ a: { wait: PT1S, then: exit } }, { b: { wait: PT1S } }]';
    expect(problemsOf(`[{ pay: { ${pay}, metadata: { compensate: ${unreachable} } } }]`)).toEqual([
      '/do/0/pay/metadata/compensate/1/b unreachable',
    ]);
  });

  test.each([
    ['[]', 'value'],
    ['call the shop', 'type'],
    ['{ refund: { wait: PT1S } }', 'type'],
  ])('%s is none', (undo, code) => {
    expect(problemsOf(`[{ pay: { ${pay}, metadata: { compensate: ${undo} } } }]`)).toEqual([
      `/do/0/pay/metadata/compensate ${code}`,
    ]);
  });
});

describe('tasks that may be undone', () => {
  const undone = '{ wait: PT1S, metadata: { compensate: [{ undo: { wait: PT1S } }] } }';

  test('are all that the execution runs as its own, branches and functions among them', () => {
    const fork = `{ both: { fork: { branches: [{ a: ${undone} }, { b: ${undone} }] } } }`;
    expect(problemsOf(`[${fork}, { c: ${undone} }]`, `{ functions: { f: ${undone} } }`)).toEqual([]);
    expect(checkFunction(undone, 'strict')).toMatchObject({ ok: true });
  });

  test('are none that undo, at any depth', () => {
    const undo = `[{ a: ${undone} }, { b: { do: [{ c: ${undone} }] } }]`;
    expect(problemsOf(`[{ pay: { ${pay}, metadata: { compensate: ${undo} } } }]`)).toEqual([
      '/do/0/pay/metadata/compensate/0/a/metadata/compensate value',
      '/do/0/pay/metadata/compensate/1/b/do/0/c/metadata/compensate value',
    ]);
  });

  test('are none of an extension, at any depth', () => {
    const extension = `{ log: { extend: all, before: [{ a: ${undone} }], after: [{ b: { do: [{ c: ${undone} }] } }] } }`;
    expect(problemsOf('[]', `{ extensions: [${extension}] }`)).toEqual([
      '/use/extensions/0/log/before/0/a/metadata/compensate value',
      '/use/extensions/0/log/after/0/b/do/0/c/metadata/compensate value',
    ]);
  });
});

test('what else stands in metadata is free', () => {
  expect(
    problemsOf(`[{ a: { wait: PT1S, metadata: { owner: { team: [1] }, onFault: x, call: a } } }]`),
  ).toEqual([]);
});

test.each([
  ['hold', []],
  ['fail', []],
  [
    'hodl',
    ['/document/metadata/onFault value expected "hold" or "fail", found "hodl"; did you mean "hold"?'],
  ],
  ['true', ['/document/metadata/onFault type expected "hold" or "fail", found true']],
])('onFault: %s', (onFault, problems) => {
  const metadata = `{ onFault: ${onFault}, owner: shop, compensate: none }`;
  const header = `{ dsl: '1.0.3', namespace: shop, name: order, version: '1.0.0', metadata: ${metadata} }`;
  const result = checkDefinition(`document: ${header}\ndo: []`);
  const found = result.ok ? [] : result.errors;
  expect(found.map(({ pointer, code, message }) => `${pointer} ${code} ${message}`)).toEqual(problems);
});
