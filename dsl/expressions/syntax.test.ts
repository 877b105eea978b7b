import { compileExpression, ExpressionSyntaxError } from './index.ts';

test.each([
  ['', 1, 1, 'Unexpected end'],
  ['.a |', 1, 5, 'Unexpected end'],
  ['.a\n  | b c', 2, 7, "Unexpected 'c'"],
  ['{a: 1', 1, 6, 'Unexpected end'],
  ['[1, 2', 1, 6, "expected ']'"],
  ['"abc', 1, 1, 'Unclosed string'],
  ['"a\\(1"', 1, 6, 'Unclosed string'],
  ['"a\\(1', 1, 3, 'Unclosed \\('],
  ['"\\q"', 1, 2, 'Invalid escape'],
  ['1 = 2 = 3', 1, 7, 'parentheses'],
  ['1 < 2 < 3', 1, 7, 'parentheses'],
  ['if 1 then 2', 1, 12, "'end'"],
  ['nope', 1, 1, 'nope/0 is not defined'],
  ['map(1; 2)', 1, 1, 'map/2 is not defined'],
  ['1 | break $out', 1, 5, 'not defined'],
  ['{(1): 2}', 1, 3, 'object key'],
  ['{1: 2}', 1, 2, 'object key'],
  ['@nope', 1, 1, 'not a valid format'],
  ['. as x | 1', 1, 6, 'a pattern'],
  ['é', 1, 1, 'Unexpected character'],
  ['import "a" as a; 1', 1, 1, 'Modules'],
  ['include "a"; 1', 1, 1, 'Modules'],
  ['env', 1, 1, 'env/0 is not available'],
  ['1 | $ENV.HOME', 1, 5, '$ENV is not available'],
  ['input', 1, 1, 'not available'],
  ['inputs', 1, 1, 'not available'],
  ['halt', 1, 1, 'not available'],
  ['halt_error', 1, 1, 'not available'],
  ['input_line_number', 1, 1, 'not available'],
])('%j fails at line %i, column %i: %s', (source, line, column, message) => {
  let failure: unknown;
  try {
    compileExpression(source);
  } catch (error) {
    failure = error;
  }
  expect(failure).toBeInstanceOf(ExpressionSyntaxError);
  expect(failure).toMatchObject({ line, column, message: expect.stringContaining(message) as string });
});

test('free variables are named without their sign, bound ones are not', () => {
  const { variables } = compileExpression(
    '$context.a + (1 as $x | $x) + "\\($input.b)" | def f($y): $y + $task; f(1)',
  );
  expect([...variables].sort()).toEqual(['context', 'input', 'task']);
});

test.each([
  '# nothing\n.a',
  '.a # to the end \\\n still a comment\n',
  'def and_more: .; {and: 1, or: 2, if: 3}.if | and_more',
  '.and.or."a b"["c"].[0]?',
])('reads %j', (source) => {
  expect(() => compileExpression(source)).not.toThrow();
});
