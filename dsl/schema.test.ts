import type { Json } from './json.ts';
import { schemaProblem } from './schema-problem.ts';
import { schemaViolations } from './schema.ts';

const order: Json = {
  type: 'object',
  required: ['id'],
  additionalProperties: false,
  properties: {
    id: { type: 'integer', minimum: 1 },
    status: { enum: ['open', 'paid'] },
    'line items': { type: 'array', items: { $ref: '#/$defs/line' } },
    payment: {
      oneOf: [
        {
          type: 'object',
          properties: { kind: { const: 'card' }, pan: { type: 'string' } },
          required: ['kind', 'pan'],
        },
        { type: 'object', properties: { kind: { const: 'cash' } }, required: ['kind'] },
      ],
    },
    note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
  },
  $defs: {
    line: { type: 'object', required: ['sku'], properties: { sku: { type: 'string', minLength: 1 } } },
  },
};

const violations = (value: Json): Json =>
  schemaViolations(order, value).map(({ pointer, message }) => `${pointer}: ${message}`);

test('a value that matches has no violations', () => {
  expect(violations({ id: 1, status: 'open', 'line items': [{ sku: 'a' }], note: null })).toEqual([]);
});

test.each<[string, Json, Json]>([
  ['another type', 'x', [': expected an object, found "x"']],
  ['a missing member', {}, [': the required property "id" is missing']],
  ['a number below its minimum', { id: 0 }, ['/id: must be at least 1, found the number 0']],
  ['a fraction', { id: 1.5 }, ['/id: expected a whole number, found the number 1.5']],
  ['an unknown member', { id: 1, extra: true }, ['/extra: is not expected here']],
  [
    'a value outside an enum',
    { id: 1, status: 'gone' },
    ['/status: expected "open" or "paid", found "gone"'],
  ],
  [
    'members behind a reference, with a space in their path',
    { id: 1, 'line items': [{ sku: 'a' }, {}, { sku: '' }] },
    [
      '/line items/1: the required property "sku" is missing',
      '/line items/2/sku: must have at least 1 character',
    ],
  ],
  [
    'the alternative that was meant',
    { id: 1, payment: { kind: 'card', pan: 7 } },
    ['/payment/pan: expected a string, found the number 7'],
  ],
  [
    'alternatives of other types',
    { id: 1, note: 5 },
    ['/note: expected a string or null, found the number 5'],
  ],
])('tells of %s', (_what, value, expected) => {
  expect(violations(value)).toEqual(expected);
});

test('at most ten violations are told', () => {
  expect(
    schemaViolations(
      { items: { type: 'string' } },
      Array.from({ length: 300_000 }, () => 1),
    ),
  ).toHaveLength(10);
});

test('a value nested without end is a violation, not a crash', () => {
  let value: Json = [];
  for (let depth = 0; depth < 20_000; depth++) value = [value];
  expect(schemaViolations({ items: { $ref: '#' } }, value)[0]?.message).toMatch(/nested too deeply/);
});

test('draft-07 is read where $schema names it', () => {
  const tuple = { items: [{ type: 'string' }], additionalItems: false };
  const draft07 = { $schema: 'http://json-schema.org/draft-07/schema#', ...tuple };
  expect(schemaViolations(draft07, ['a', 1])).toEqual([{ pointer: '/1', message: 'is not expected here' }]);
});

test('the schema stays as it was', () => {
  const frozen = Object.freeze({ type: 'string', $id: 'https://shop.test/schema' });
  expect(schemaViolations(frozen, 1)).toHaveLength(1);
  expect(Object.getOwnPropertyNames(frozen)).toEqual(['type', '$id']);
});

test.each<[Json, string, RegExp]>([
  ['x', '', /expected a JSON Schema, an object or boolean, found "x"/],
  [{ type: 'text' }, '/type', /expected one of the types array, boolean,.* found "text"/],
  [
    { properties: { a: { minLength: -1 } } },
    '/properties/a/minLength',
    /a whole number from 0, found the number -1/,
  ],
  [{ pattern: '(' }, '/pattern', /"\(" is no valid regular expression/],
  [{ patternProperties: { '[': {} } }, '/patternProperties/[', /no valid regular expression/],
  [{ required: 'id' }, '/required', /an array of strings, found "id"/],
  [{ allOf: {} }, '/allOf', /an array of schemas/],
  [{ $ref: '#/$defs/none' }, '', /"#\/\$defs\/none" leads to nothing/],
  [{ $ref: 'https://shop.test/other.json' }, '', /leads to nothing within the schema/],
  [
    { $defs: { a: { allOf: [{ $ref: '#/$defs/a' }] } }, properties: { b: { $ref: '#/$defs/a' } } },
    '',
    /leads back to itself/,
  ],
  [{ $dynamicRef: '#x' }, '/$dynamicRef', /not supported/],
  [{ $schema: 'http://json-schema.org/draft-04/schema#' }, '/$schema', /only draft 2020-12 and draft-07/],
])('%j is no usable schema', (schema, pointer, message) => {
  expect(schemaProblem(schema)).toEqual({ pointer, message: expect.stringMatching(message) as string });
});

test.each<[Json]>([
  [true],
  [{}],
  [order],
  [{ properties: { next: { $ref: '#' } } }],
  [{ 'x-note': 1 }],
  [{ $anchor: 'a', not: { $ref: '#b' }, $defs: { b: { $anchor: 'b' } } }],
])('%j is usable', (schema) => {
  expect(schemaProblem(schema)).toBeUndefined();
});
