import { compileExpression, defaultExpressionLimits, ExpressionLimitError } from './index.ts';
import type { ExpressionLimits } from './index.ts';
import { maxDepth } from './limits.ts';

function run(expression: string, limits: Partial<ExpressionLimits> = {}): unknown {
  return compileExpression(expression).all(null, {
    variables: {},
    now: () => 0,
    limits: { ...defaultExpressionLimits, ...limits },
  });
}

test.each<[keyof ExpressionLimits, number, string, string, string]>([
  ['steps', 1_000, '[range(300) | .] | length', '[range(3000) | .] | length', '1000 steps'],
  ['depth', 200, '[[[1]]]', 'def f: if . > 99 then . else . + 1 | f | . end; 0 | f', 'depth of 200'],
  ['outputBytes', 1_024, '[range(100)]', '[range(1000)]', 'result of more than 1024 bytes'],
  ['stringLength', 1_024, '"x" * 1024 | length', '"x" * 1025 | length', 'text of more than 1024 characters'],
  ['arrayLength', 1_000, '.[999] = 1 | length', '.[1000] = 1 | length', 'more than 1000 items'],
  ['regexSteps', 10_000, '"x" * 100 | test("xy")', '"x" * 100000 | test("(x+)+y")', 'regular expressions'],
])('%s are limited to what is configured: %d', (limit, value, within, beyond, message) => {
  expect(() => run(within, { [limit]: value })).not.toThrow();
  expect(() => run(beyond, { [limit]: value })).toThrow(ExpressionLimitError);
  expect(() => run(beyond, { [limit]: value })).toThrow(message);
});

test.each([
  'def f: [f]; f',
  'def f: 1 + f; f',
  'def f(g): g | f(g); f(.)',
  '(def f: .a | f; f) = 1',
  'def f: f?; f',
])('the stack bears the greatest depth that can be configured: %s', (expression) => {
  expect(() => run(expression, { depth: maxDepth })).toThrow(`exceeds a depth of ${maxDepth}`);
});

describe('expressions that end early', () => {
  test.each([
    ['limit(0; last(range(1e9)))', []],
    ['first(range(1e9))', [0]],
    ['isempty(range(1e9))', [false]],
    ['any(range(1e9); . > 5)', [true]],
    ['nth(3; range(1e9))', [3]],
    ['label $out | range(1e9) | if . == 2 then ., break $out else empty end', [2]],
  ])('%s', (expression, outputs) => {
    expect(run(expression, { steps: 1_000 })).toEqual(outputs);
  });
});

test('loops of built-ins take no depth', () => {
  expect(
    run('[0 | until(. > 50000; . + 1)], [last(0 | recurse(if . < 50000 then . + 1 else empty end))]'),
  ).toEqual([[50_001], [50_000]]);
});

test('a range of as many numbers as an array may have is within the steps of the default', () => {
  expect(run('[range(1000000)] | .[-1]')).toEqual([999_999]);
  expect(run('[range(-1; 999999)] | .[-1]')).toEqual([999_998]);
  expect(() => run('[range(1000001)]')).toThrow('more than 1000000 items');
});

test('updating every item of a large array is linear', () => {
  expect(run('[range(20000)] | (.[] |= . + 1) | length', { steps: 200_000 })).toEqual([20_000]);
});
