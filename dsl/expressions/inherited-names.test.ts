/** Names that JavaScript objects inherit are ordinary keys, as they are to jq, and no expression changes what they inherit. */
import type { Json } from '../json.ts';
import { compileExpression, defaultExpressionLimits } from './index.ts';

const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '__defineGetter__', 'valueOf'];

/** What each gives for a name NAME, as JSON. */
const outcomes: readonly (readonly [expression: string, output: string])[] = [
  ['{"NAME": 1}', '{"NAME":1}'],
  ['{NAME: 1}', '{"NAME":1}'],
  ['{("NAME"): 1}', '{"NAME":1}'],
  ['{"\\("NAME")": (1, 2)}', '{"NAME":1} {"NAME":2}'],
  ['1 as $NAME | {$NAME, a: $NAME}', '{"NAME":1,"a":1}'],
  ['{NAME: 1} as {$NAME} | $NAME', '1'],
  ['{NAME: [1, {a: 2}]} as {NAME: [$x, {a: $NAME}]} | $NAME', '2'],
  ['{NAME: 1} as [$NAME] ?// {$NAME} | $NAME', '1'],
  ['{} as {$NAME} | $NAME', 'null'],
  [
    '{} | .NAME, .["NAME"], ."NAME", .NAME?, has("NAME"), getpath(["NAME", "NAME"])',
    'null null null null false null',
  ],
  ['{} | .a = .NAME | tojson', '"{\\"a\\":null}"'],
  ['.NAME = 1', '{"NAME":1}'],
  ['.["NAME"]["NAME"] = 1', '{"NAME":{"NAME":1}}'],
  ['{NAME: 1} | .NAME += 1 | .NAME', '2'],
  ['{} | .NAME //= 1', '{"NAME":1}'],
  ['.NAME.polluted = true', '{"NAME":{"polluted":true}}'],
  ['setpath(["NAME", "NAME"]; 1) | getpath(["NAME", "NAME"])', '1'],
  ['{NAME: 1, a: 2} | del(.NAME), delpaths([["NAME"]]), del(.a)', '{"a":2} {"a":2} {"NAME":1}'],
  ['{} | del(.NAME)', '{}'],
  ['{NAME: 1} + {a: 2}, {a: 2} + {NAME: 1}', '{"NAME":1,"a":2} {"a":2,"NAME":1}'],
  ['{NAME: {a: 1}} * {NAME: {b: 2}}', '{"NAME":{"a":1,"b":2}}'],
  ['{} * {NAME: {polluted: 1}}', '{"NAME":{"polluted":1}}'],
  ['[{NAME: 1}, {a: 2}] | add', '{"NAME":1,"a":2}'],
  ['{NAME: 1} | to_entries', '[{"key":"NAME","value":1}]'],
  ['[{key: "NAME", value: 1}] | from_entries', '{"NAME":1}'],
  ['[{name: "a", NAME: 1}] | from_entries', '{"a":null}'],
  ['{NAME: 1} | with_entries(.value += 1)', '{"NAME":2}'],
  ['{NAME: 1} | map_values(. + 1), [.[]], [.. | numbers]', '{"NAME":2} [1] [1]'],
  ['{NAME: 1} | walk(if type == "number" then 2 else . end)', '{"NAME":2}'],
  ['{NAME: 1} | keys, keys_unsorted, length, [paths], has("NAME")', '["NAME"] ["NAME"] 1 [["NAME"]] true'],
  ['{NAME: {NAME: 1}} | pick(.NAME.NAME)', '{"NAME":{"NAME":1}}'],
  ['{NAME: 1} | [tostream], fromstream(tostream)', '[[["NAME"],1],[["NAME"]]] {"NAME":1}'],
  ['{NAME: 1} == {NAME: 1}, ({NAME: 1} == {}), ({} < {NAME: 1})', 'true false true'],
  ['{NAME: 1} | contains({NAME: 1}), contains({})', 'true true'],
  ['{} | contains({NAME: {}})', 'false'],
  ['[{k: "NAME"}, {k: "NAME"}] | group_by(.k) | length', '1'],
  ['[{k: "NAME"}] | INDEX(.k)', '{"NAME":{"k":"NAME"}}'],
  ['"NAME" | in({})', 'false'],
  ['"{\\"NAME\\": {\\"NAME\\": 1}}" | fromjson', '{"NAME":{"NAME":1}}'],
  ['"{\\"NAME\\": nan}" | fromjson', '{"NAME":null}'],
  ['{NAME: 1} | tojson, tostring, @json, "\\(.)"', Array(4).fill('"{\\"NAME\\":1}"').join(' ')],
  ['{NAME: nan}', '{"NAME":null}'],
  ['"x" | capture("(?<NAME>x)"), [match("(?<NAME>x)").captures[].name]', '{"NAME":"x"} ["NAME"]'],
  ['"x" | sub("(?<NAME>x)"; .NAME + "y")', '"xy"'],
  ['def NAME: 1; def f(NAME): NAME; def g($NAME): $NAME + NAME; NAME, f(2), g(3)', '1 2 6'],
  ['label $NAME | 1, break $NAME', '1'],
  ['reduce 1 as $NAME ({}; .[("NAME", "a")] = $NAME)', '{"NAME":1,"a":1}'],
  [
    '[{NAME: 2}, {NAME: 1}] | sort_by(.NAME), unique_by(.NAME), (min_by(.NAME) | .NAME)',
    '[{"NAME":1},{"NAME":2}] [{"NAME":1},{"NAME":2}] 1',
  ],
  ['try error({NAME: 1}) catch .', '{"NAME":1}'],
];

function run(expression: string): Json[] {
  const environment = { variables: {}, now: () => 0, limits: defaultExpressionLimits };
  return compileExpression(expression).all(null, environment);
}

function shapeOfObjects(): unknown {
  return Object.entries(Object.getOwnPropertyDescriptors(Object.prototype)).map(([name, { value }]) => [
    name,
    value,
  ]);
}

describe.each(names)('%s', (name) => {
  test.each(outcomes)('%s', (expression, output) => {
    const before = shapeOfObjects();
    const outputs = run(expression.replaceAll('NAME', name));
    // As JSON text, since Jest's own comparison passes over what an object inherits.
    expect(outputs.map((value) => JSON.stringify(value)).join(' ')).toBe(output.replaceAll('NAME', name));
    expect(shapeOfObjects()).toEqual(before);
    expect(({} as { readonly polluted?: unknown }).polluted).toBeUndefined();
  });

  test.each([`$${name}`, `{$${name}}`])('is no free variable that everybody has: %s', (template) => {
    expect(() => run(template)).toThrow(`$${name} is not defined`);
  });

  test.each([name, `${name}(1)`, `@${name}`, `"x" | format("${name}")`])('is no built-in: %s', (call) => {
    expect(() => run(call)).toThrow(/is not (?:defined|a valid format)/);
  });
});
