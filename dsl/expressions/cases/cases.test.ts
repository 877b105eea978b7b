import type { Json } from '../../json.ts';
import { compileExpression, defaultExpressionLimits, ExpressionError } from '../index.ts';
import type { ExpressionEnvironment } from '../index.ts';
import { readCases } from './read-cases.ts';

// What jq answered is written down, so that these run without it; test/expressions asks jq itself again.
const environment: ExpressionEnvironment = {
  variables: {},
  now: () => 1_425_599_621_000,
  limits: defaultExpressionLimits,
};

test.each(readCases().map((each) => [each.family, each.line, each] as const))(
  '%s: %s',
  (_family, _line, { input, expression, outputs, message }) => {
    const run = (): Json[] => compileExpression(expression).all(JSON.parse(input) as Json, environment);
    if (message !== undefined) expect(run).toThrow(new ExpressionError(message));
    // As text, so that own members called __proto__ and the order of members count.
    else expect(JSON.stringify(run())).toBe(outputs);
  },
);
