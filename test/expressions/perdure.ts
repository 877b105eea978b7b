import {
  compileExpression,
  defaultExpressionLimits,
  ExpressionError,
  ExpressionLimitError,
  ExpressionSyntaxError,
} from '../../dsl/expressions/index.ts';
import type { Json } from '../../dsl/json.ts';
import type { Outcome, Pair } from './outcome.ts';

const environment = {
  variables: {},
  now: () => 1_425_599_621_000,
  limits: { ...defaultExpressionLimits, steps: 200_000 },
};

/** What Perdure makes of a pair, or undefined of one that is beyond its limits: jq, which has none, is not asked then. */
export function runPerdure({ program, input }: Pair): Outcome | undefined {
  const outputs: Json[] = [];
  try {
    const compiled = compileExpression(program);
    // Whoever deploys an expression is told of the variables that it lacks; jq says so when it compiles.
    if (compiled.variables.size > 0) return { outputs, error: 'unknown variables' };
    compiled.each(JSON.parse(input) as Json, environment, (output) => outputs.push(output));
    return { outputs, error: undefined };
  } catch (error) {
    if (error instanceof ExpressionLimitError) return undefined;
    if (error instanceof ExpressionError || error instanceof ExpressionSyntaxError) {
      return { outputs, error: error.message };
    }
    throw error;
  }
}
