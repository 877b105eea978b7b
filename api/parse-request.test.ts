import { z } from 'zod';
import { executionId, parseBody, parseQuery } from './parse-request.ts';
import { Problem } from './problem.ts';

const schema = z.strictObject({ name: z.string(), size: z.number().optional() });

function errorsOf(parse: () => unknown): unknown {
  try {
    parse();
  } catch (error) {
    if (error instanceof Problem) return error.body('r').errors;
  }
  return undefined;
}

it('names every unknown field', () => {
  expect(errorsOf(() => parseBody(schema, { name: 'a', colour: 1, 'a/b': 2 }))).toEqual([
    { pointer: '/colour', code: 'unknown-field', message: 'is not known here' },
    { pointer: '/a~1b', code: 'unknown-field', message: 'is not known here' },
  ]);
});

it('tells a missing field from a wrong one', () => {
  expect(errorsOf(() => parseBody(schema, undefined))).toEqual([
    { pointer: '/name', code: 'required', message: 'is required' },
  ]);
  expect(errorsOf(() => parseBody(schema, { name: 3 }))).toMatchObject([
    { pointer: '/name', code: 'invalid-type' },
  ]);
});

it('refuses a query parameter given twice', () => {
  expect(errorsOf(() => parseQuery(schema, { name: ['a', 'b'] }))).toMatchObject([{ pointer: '/name' }]);
});

it('refuses nesting that code could not walk', () => {
  const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
  expect(() => parseBody(schema, deep)).toThrow('nested more than 200 levels deep');
});

it.each(['', 'a\nb', 'a\\b', 'x'.repeat(256)])('does not take %j as an execution id', (id) => {
  expect(executionId.safeParse(id).success).toBe(false);
});

it.each(['order-1', 'a/b', "it's", 'Ω ≈ 1'])('takes %j as an execution id', (id) => {
  expect(executionId.safeParse(id).success).toBe(true);
});
