import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkDefinition } from './check.ts';
import type { Finding } from './check.ts';
import { definitionDigest } from './digest.ts';
import type { Definition } from './types.ts';

const header = `document:
  dsl: '1.0.3'
  namespace: shop
  name: order
  version: '1.0.0'
`;

function errorsOf(source: string): readonly Finding[] {
  const result = checkDefinition(source);
  return result.ok ? [] : result.errors;
}

function accepted(source: string): { definition: Definition; warnings: readonly Finding[] } {
  const result = checkDefinition(source);
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.errors)}`);
  return result;
}

describe('broken definitions', () => {
  const folder = join(__dirname, '../test/definitions/broken');
  const names = readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length));

  test('there are forty', () => expect(names).toHaveLength(40));

  test.each(names)('%s', (name) => {
    const found = errorsOf(readFileSync(join(folder, `${name}.yaml`), 'utf8'));
    const expected: unknown = JSON.parse(readFileSync(join(folder, `${name}.errors.json`), 'utf8'));
    expect(found.map(({ pointer, line, code }) => ({ pointer, line, code }))).toEqual(expected);
    for (const { message } of found) expect(message).toMatch(/^.{15,300}$/s);
  });
});

describe('where a finding points', () => {
  const place = (tasks: string): string[] =>
    errorsOf(`${header}do:\n${tasks}`).map(({ line, column, code }) => `${line}:${column} ${code}`);

  test('into an expression, whichever way the text is quoted', () => {
    expect(place('  - a:\n      set: { x: "${ 1 + $nope }" }\n')).toEqual(['8:25 unavailable-variable']);
    expect(place("  - a:\n      set: { x: 'it''s ${ $nope }' }\n")).toEqual(['8:27 unavailable-variable']);
    expect(place('  - a:\n      set: { x: "\\t\\u0041 ${ $nope }" }\n')).toEqual([
      '8:30 unavailable-variable',
    ]);
    expect(place('  - a:\n      set:\n        x: one\n          ${ $nope }\n')).toEqual([
      '10:14 unavailable-variable',
    ]);
    expect(place('  - a:\n      set:\n        x: |\n          one\n           ${ $nope }\n')).toEqual([
      '11:15 unavailable-variable',
    ]);
    expect(place('  - a:\n      set:\n        x: >-\n          one\n          ${ $nope }\n')).toEqual([
      '11:14 unavailable-variable',
    ]);
  });

  test('to the key of an unknown field and of an empty value', () => {
    expect(place('  - a:\n      set: { x: 1 }\n      colour: red\n')).toEqual(['9:7 unknown-field']);
    expect(place('  - a:\n      wait:\n')).toEqual(['8:7 type']);
  });

  test('through an alias to what it stands for', () => {
    expect(place('  - a: &nap\n      wait: { second: 1 }\n  - b: *nap\n')).toEqual([
      '8:15 unknown-field',
      '8:15 unknown-field',
    ]);
  });

  test('in JSON with tabs and in text with Windows line ends', () => {
    const json = `{\n\t"document": {"dsl": "1.0.3", "namespace": "a", "name": "b", "version": "1.0.0"},\n\t"do": 5\n}`;
    expect(errorsOf(json)).toMatchObject([{ pointer: '/do', line: 3, column: 8, code: 'type' }]);
    const windows = `${header}do:\n  - a:\n      wiat: PT1S\n`.replaceAll('\n', '\r\n');
    expect(errorsOf(windows)).toMatchObject([{ line: 8, column: 7, code: 'unknown-field' }]);
  });

  test('at most a hundred errors come back, in the order of the document', () => {
    const tasks = Array.from({ length: 300 }, (_, index) => `  - t${index}:\n      wiat: PT1S\n`).join('');
    const errors = errorsOf(`${header}output: 5\ndo:\n${tasks}`);
    expect(errors).toHaveLength(100);
    expect(errors[0]).toMatchObject({ line: 6, pointer: '/output' });
    expect(errors.at(-1)).toMatchObject({ pointer: '/do/98/t98/wiat' });
  });
});

describe('what is accepted', () => {
  test('expression fields bare or in ${ }, in every stage with its variables', () => {
    accepted(`${header}input:
  from: '\${ . + { id: $workflow.id } }'
use:
  retries:
    often: { when: $problem.status == 503, delay: '\${ .delay }' }
do:
  - each:
      if: .lines != null
      for: { each: line, at: position, in: '\${ $context.lines }' }
      while: $position < 10
      do:
        - attempt:
            try:
              - fetch:
                  input: { from: '{ sku: $line.sku, old: $task.name }' }
                  call: http
                  with: { method: get, endpoint: '\${ "https://shop.test/\\(.sku)?at=\\($position)" }' }
                  output: { as: '$input + { found: . }' }
                  export: { as: '$context + { last: $output, $position }' }
            catch:
              as: problem
              when: $problem.status == 503
              retry: often
              do:
                - note: { set: { problem: '\${ $problem | .title as $t | $t }' } }
output:
  as: { result: '\${ . }', runtime: '\${ $runtime.version }' }
`);
  });

  test('secrets in authentication, in a call and in its input', () => {
    const { warnings } = accepted(`${header}use:
  secrets: [token, account]
  authentications:
    partner: { bearer: { token: '\${ $secrets.token }' } }
    other: { basic: { use: account } }
do:
  - one:
      call: http
      with:
        method: get
        endpoint: { uri: 'https://shop.test', authentication: { use: partner } }
        headers: { x-key: '\${ $secrets["token"] }' }
  - two:
      input: { from: '{ key: $secrets.token }' }
      call: openapi
      with:
        document: { endpoint: 'https://shop.test/openapi.json' }
        operationId: list
        parameters: { key: '\${ .key }', old: '\${ $authorization.parameter }' }
`);
    expect(warnings).toEqual([]);
  });

  test('a literal password, with a warning', () => {
    const { warnings } = accepted(`${header}use:
  authentications:
    partner: { basic: { username: shop, password: swordfish } }
do: []
`);
    expect(warnings).toMatchObject([
      { code: 'literal-secret', pointer: '/use/authentications/partner/basic/password', line: 8 },
    ]);
    expect(JSON.stringify(warnings)).not.toContain('swordfish');
  });

  test('a task named like a directive, with a warning', () => {
    const { warnings } = accepted(`${header}do:\n  - end:\n      wait: PT1S\n`);
    expect(warnings).toMatchObject([{ code: 'reserved-name', pointer: '/do/0/end' }]);
  });

  test('in loose mode, texts that are no expressions; but no secret in one that is', () => {
    const loose = `${header}evaluate: { mode: loose }\ndo:\n  - a:\n      set: { greeting: hello you, total: .a + .b`;
    accepted(`${loose} }\n`);
    expect(errorsOf(`${loose}, key: $secrets.a }\n`)).toMatchObject([{ code: 'secret-in-data' }]);
  });

  test('tasks that flow directives lead to, in any order', () => {
    accepted(`${header}do:
  - decide:
      switch:
        - paid: { when: .paid, then: ship }
        - open: { then: remind }
  - ship: { wait: PT1S, then: exit }
  - remind:
      try: [{ mail: { wait: PT1S } }]
      catch: { then: giveUp }
      then: ship
  - giveUp: { raise: { error: { type: 'https://shop.test/unpaid', status: 409 } }, if: .late }
  - cleanUp: { wait: PT1S }
`);
  });

  test('members named like the prototype are data', () => {
    const { definition } = accepted(`${header}do:\n  - a:\n      set: { __proto__: 1, constructor: 2 }\n`);
    expect(JSON.stringify(definition.do)).toBe('[{"a":{"set":{"__proto__":1,"constructor":2}}}]');
  });
});

test('nothing can follow a raise', () => {
  const raise = 'raise: { error: { type: "https://shop.test/e", status: 500 } }';
  expect(errorsOf(`${header}do:\n  - a: { ${raise} }\n  - b: { wait: PT1S }\n`)).toMatchObject([
    { pointer: '/do/1/b', code: 'unreachable' },
  ]);
});

test('limits can be set', () => {
  const aliases = `${header}do:\n  - a: &a { wait: PT1S }\n  - b: *a\n  - c: *a\n`;
  expect(checkDefinition(aliases).ok).toBe(true);
  expect(checkDefinition(aliases, { aliases: 1 })).toMatchObject({
    errors: [{ code: 'too-large', line: 9 }],
  });
});

test('the digest is that of the content, however it is written', () => {
  const yaml = accepted(`${header}do: [{ a: { set: { x: 1, y: "\${ .z }" } } }]\n`).definition;
  const json = accepted(
    '{"do":[{"a":{"set":{"y":"${ .z }","x":1}}}],"document":{"version":"1.0.0","name":"order","namespace":"shop","dsl":"1.0.3"}}',
  ).definition;
  expect(definitionDigest(yaml)).toMatch(/^[0-9a-f]{64}$/);
  expect(definitionDigest(json)).toBe(definitionDigest(yaml));
  expect(definitionDigest({ ...yaml, do: [] })).not.toBe(definitionDigest(yaml));
});
