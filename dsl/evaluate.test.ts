import { evaluateExpression, evaluateValue, freeVariables, isTruthy } from './evaluate.ts';
import type { Scope } from './evaluate.ts';
import {
  defaultExpressionLimits,
  ExpressionError,
  ExpressionLimitError,
  ExpressionSyntaxError,
} from './expressions/index.ts';

const scope: Scope = {
  input: { name: 'Ada', tags: ['a', 'b'], 'odd}key': 1 },
  variables: { context: { total: 3 } },
  now: () => 0,
  limits: defaultExpressionLimits,
  mode: 'strict',
};
const loose: Scope = { ...scope, mode: 'loose' };

test('an expression field is evaluated, bare or marked', () => {
  expect(evaluateExpression('.tags | length', scope)).toBe(2);
  expect(evaluateExpression('${ $context.total > 2 }', scope)).toBe(true);
  expect(evaluateExpression('empty', scope)).toBeNull();
});

test('a value is evaluated at any depth', () => {
  expect(
    evaluateValue({ a: ['${ .tags }', { b: 'Hello ${ .name }, ${ $context }!' }], c: 1, d: '.name' }, scope),
  ).toEqual({ a: [['a', 'b'], { b: 'Hello Ada, {"total":3}!' }], c: 1, d: '.name' });
  expect(evaluateValue('${ ."odd}key" }', scope)).toBe(1);
  expect(evaluateValue('<${ empty }>', scope)).toBe('<null>');
});

test('what an expression gives is not evaluated again', () => {
  expect(evaluateValue('${ .text }', { ...scope, input: { text: '${ .secret }' } })).toBe('${ .secret }');
});

test('in loose mode a text is tried as an expression and else stays', () => {
  expect(
    evaluateValue(['.name', 'Hello there', 'nope', '.name | error', '${ .name }', '"x"'], loose),
  ).toEqual(['Ada', 'Hello there', 'nope', '.name | error', 'Ada', 'x']);
  expect(() => evaluateValue('last(range(1e9))', loose)).toThrow(ExpressionLimitError);
});

test('mistakes are thrown', () => {
  expect(() => evaluateValue('${ .name.first }', scope)).toThrow(
    new ExpressionError('Cannot index string with string ("first")'),
  );
  expect(() => evaluateValue('${ .name', scope)).toThrow(ExpressionSyntaxError);
  expect(() => evaluateExpression('.name |', scope)).toThrow(ExpressionSyntaxError);
});

test('only false and null are not true', () => {
  expect([false, null, 0, '', [], {}].map(isTruthy)).toEqual([false, false, true, true, true, true]);
});

test('the variables of templates and of expression fields', () => {
  const names = (
    value: Parameters<typeof freeVariables>[0],
    expression: boolean,
    mode: Scope['mode'],
  ): string[] => [...freeVariables(value, { expression, mode })].sort();
  expect(names({ a: '${ $b }', c: ['x ${ $d } ${ $e.f }', '$g'] }, false, 'strict')).toEqual(['b', 'd', 'e']);
  expect(names('$a + (1 as $b | $b)', true, 'strict')).toEqual(['a']);
  expect(names(['$a.b', 'Hello there'], false, 'loose')).toEqual(['a']);
  expect(names({ a: '$b' }, true, 'strict')).toEqual([]);
});

test('a member called __proto__ is data', () => {
  const value = evaluateValue(JSON.parse('{"__proto__": "${ .name }"}') as { readonly x: string }, scope);
  expect(JSON.stringify(value)).toBe('{"__proto__":"Ada"}');
});
