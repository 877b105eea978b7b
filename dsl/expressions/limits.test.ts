import {
  compileExpression,
  defaultExpressionLimits,
  ExpressionLimitError,
  ExpressionSyntaxError,
} from './index.ts';
import type { ExpressionLimits } from './index.ts';

function run(expression: string, limits: Partial<ExpressionLimits> = {}): unknown {
  return compileExpression(expression).all(null, {
    variables: {},
    now: () => 0,
    limits: { ...defaultExpressionLimits, ...limits },
  });
}

describe('expressions that would never end or fit', () => {
  test.each([
    'def f: f; f',
    'def f: [f]; f',
    'def f: 1 + f; f',
    'def f(g): g | f(g); f(.)',
    'def f: ., (f | f); last(f)',
    'def f: f?; f',
    '(def f: .a | f; f) = 1',
    '[range(1e12)]',
    'last(range(1e9))',
    'last(repeat(1))',
    '[recurse(.)]',
    '[recurse(., .)]',
    'until(false; .)',
    '[while(true; .)]',
    '[limit(1e9; repeat(1))]',
    'try last(range(1e9)) catch "caught"',
    'last(range(1e9))?',
    'last(range(1e9)) // 1',
    '"x" * 1e9',
    '.[500000000] = 1',
    'reduce range(40) as $i ("x"; . + .)',
    'reduce range(40) as $i ([1]; . + .)',
    'reduce range(60) as $i ([1]; [., .])',
    'reduce range(60) as $i ([1]; [., .]) | tojson',
    'reduce range(60) as $i ([1]; [., .]) | . == .',
    'reduce range(60) as $i ([1]; [., .]) | flatten',
    'reduce range(100000) as $i (null; [.])',
    'reduce range(100000) as $i (null; {a: .}) | tojson',
    'reduce range(100000) as $i (null; {a: .}) | . * .',
    'reduce range(100000) as $i (null; [.]) | [..] | length',
    'reduce range(100000) as $i (null; [.]) | walk(.)',
    'setpath([range(100000) | "a"]; 1)',
    '[range(30) | [0, 1]] | [combinations] | length',
    '("x" * 1e6) as $x | [range(100) | $x] | join(",")',
    '[range(100000)] - [range(100000)]',
    '"a" * 4e5 | [match(""; "g")] | length',
  ])('%s', (expression) => {
    expect(() => run(expression)).toThrow(ExpressionLimitError);
  });

  test.each([
    ['parentheses', '('.repeat(10_000) + '1' + ')'.repeat(10_000)],
    ['arrays', '['.repeat(10_000)],
    ['objects', '{a:'.repeat(10_000)],
    ['conditions', 'if '.repeat(10_000)],
    ['definitions', 'def f: '.repeat(10_000)],
    ['interpolations', '"\\('.repeat(10_000)],
    ['patterns', `. as ${'['.repeat(10_000)}`],
    ['variables', `${'1 as $x | '.repeat(10_000)}1`],
    ['signs', `${'-'.repeat(10_000)}1`],
    ['sums', `1${' + 1'.repeat(10_000)}`],
    ['members', '.a'.repeat(10_000)],
    ['stages', `.${' | .[]'.repeat(10_000)}`],
  ])('%s that are nested too deep', (_name, expression) => {
    expect(() => compileExpression(expression)).toThrow(ExpressionSyntaxError);
  });
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

test('updating every item of a large array is linear', () => {
  expect(run('[range(20000)] | (.[] |= . + 1) | length', { steps: 200_000 })).toEqual([20_000]);
});
