import type { Json, JsonObject } from '../json.ts';
import { compileExpression, defaultExpressionLimits, ExpressionError } from './index.ts';

function first(expression: string, input: Json = null, variables: JsonObject = {}): Json | undefined {
  return compileExpression(expression).first(input, {
    variables,
    now: () => 1_425_599_621_500,
    limits: defaultExpressionLimits,
  });
}

test('free variables come from the environment', () => {
  expect(first('$context.count + 1', null, { context: { count: 2 } })).toBe(3);
  expect(first('[$a, ($a as $a | $a + 1), $a]', null, { a: 1 })).toEqual([1, 2, 1]);
});

test('a missing variable is an error that can be caught', () => {
  expect(() => first('$nope')).toThrow(new ExpressionError('$nope is not defined'));
  expect(first('try $toString catch .')).toBe('$toString is not defined');
});

test('now is the clock of the environment', () => {
  expect(first('now')).toBe(1_425_599_621.5);
  expect(first('now | todate')).toBe('2015-03-05T23:53:41Z');
});

test('no output is undefined', () => {
  expect(first('empty')).toBeUndefined();
});

test('raised values keep their form', () => {
  let failure: unknown;
  try {
    first('error({code: 7})');
  } catch (error) {
    failure = error;
  }
  expect(failure).toBeInstanceOf(ExpressionError);
  expect(failure).toMatchObject({ value: { code: 7 }, message: '(not a string): {"code":7}' });
});

test('results are JSON', () => {
  expect(first('[nan, infinite, -infinite, {a: nan}]')).toEqual([
    null,
    Number.MAX_VALUE,
    -Number.MAX_VALUE,
    { a: null },
  ]);
});

test('names that JavaScript objects inherit are ordinary keys', () => {
  const hostile = JSON.parse('{"__proto__": {"x": 1}, "constructor": 2, "toString": 3}') as Json;
  const text = (expression: string, input: Json = hostile): string =>
    JSON.stringify(first(expression, input));
  expect(text('.')).toBe('{"__proto__":{"x":1},"constructor":2,"toString":3}');
  expect(text('[.__proto__.x, .constructor, .toString, .valueOf, .["hasOwnProperty"]]')).toBe(
    '[1,2,3,null,null]',
  );
  expect(text('[has("__proto__"), has("valueOf")]')).toBe('[true,false]');
  expect(text('keys')).toBe('["__proto__","constructor","toString"]');
  expect(text('to_entries | from_entries')).toBe('{"__proto__":{"x":1},"constructor":2,"toString":3}');
  expect(text('del(.__proto__)')).toBe('{"constructor":2,"toString":3}');
  expect(text('[.__proto__.x] | .[0] += 1')).toBe('[2]');
  expect(text('.__proto__.x = 5 | .__proto__')).toBe('{"x":5}');
  expect(text('{} | .__proto__.polluted = 1')).toBe('{"__proto__":{"polluted":1}}');
  expect(text('{__proto__: 7} + {constructor: 8}')).toBe('{"__proto__":7,"constructor":8}');
  expect(text('{} * {"__proto__": {"a": 1}}')).toBe('{"__proto__":{"a":1}}');
  expect(text('"{\\"__proto__\\":1,\\"a\\":nan}" | fromjson')).toBe('{"__proto__":1,"a":null}');
  expect(text('. as {__proto__: $__proto__, $constructor} | [$__proto__, $constructor]')).toBe('[{"x":1},2]');
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  expect(({} as { x?: number }).x).toBeUndefined();
});

test('an update leaves its input alone', () => {
  const input = { a: [1, { b: 2 }] };
  expect(first('.a[1].b |= 3 | (.. | numbers) |= . + 1', input)).toEqual({ a: [2, { b: 4 }] });
  expect(first('(.a, .a[0]) |= [., .] | .a[0][0]', input)).toEqual(input.a);
  expect(input).toEqual({ a: [1, { b: 2 }] });
});
