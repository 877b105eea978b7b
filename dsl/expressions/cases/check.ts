import type { Json } from '../../json.ts';
import { compileExpression, defaultExpressionLimits, ExpressionError } from '../index.ts';
import type { ExpressionEnvironment } from '../index.ts';

const environment: ExpressionEnvironment = {
  variables: {},
  now: () => 1_425_599_621_000,
  limits: defaultExpressionLimits,
};

/**
 * Runs a table of cases, one a line: `input @ expression → outputs` with the input and an array of all outputs as
 * JSON, or `input @ expression ✗ message` for one that ends in that error.
 */
export function checkCases(name: string, table: string): void {
  const lines = table.split('\n').filter((line) => line !== '');
  test.each(lines)(`${name}: %s`, (line) => {
    const [input, rest = ''] = cut(line, ' @ ');
    const [failing, message] = cut(rest, ' ✗ ');
    if (message !== undefined) {
      expect(() => run(failing, JSON.parse(input) as Json)).toThrow(new ExpressionError(message));
      return;
    }
    const [expression, outputs] = cut(rest, ' → ');
    // As text, so that own members called __proto__ and the order of members count.
    expect(JSON.stringify(run(expression, JSON.parse(input) as Json))).toBe(outputs);
  });
}

function run(expression: string, input: Json): Json[] {
  return compileExpression(expression).all(input, environment);
}

function cut(text: string, separator: string): readonly [before: string, after?: string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
