/** Perdure's own jq: what other rooms use of it. */
import type { Json } from '../json.ts';
import type { ExpressionEnvironment } from './limits.ts';
import { firstOf } from './compile-update.ts';
import { makeCompiler } from './compile.ts';
import { ExpressionError, ExpressionLimitError, ExpressionSyntaxError, Raised } from './errors.ts';
import { parseExpression } from './parser.ts';
import { checkResult } from './result.ts';
import { Run } from './runtime.ts';
import type { Env } from './runtime.ts';

export { ExpressionError, ExpressionLimitError, ExpressionSyntaxError } from './errors.ts';
export { defaultExpressionLimits } from './limits.ts';
export type { ExpressionEnvironment, ExpressionLimits } from './limits.ts';
export { expressionSource, parseTemplate } from './template.ts';
export type { EmbeddedExpression, Template } from './template.ts';

/** An expression that was parsed and compiled once and can run many times. */
export interface CompiledExpression {
  readonly source: string;
  /** Free variables that it names, without `$`. */
  readonly variables: ReadonlySet<string>;
  /** The first output, or undefined when there is none. Throws ExpressionError. */
  first(input: Json, environment: ExpressionEnvironment): Json | undefined;
  /** Every output. Throws ExpressionError, also when some outputs came before the error. */
  all(input: Json, environment: ExpressionEnvironment): Json[];
  /** Hands over the outputs as they come. Throws ExpressionError when the one that fails is reached. */
  each(input: Json, environment: ExpressionEnvironment, take: (output: Json) => void): void;
}

// What one expression may have active at once before any call: nobody writes such a one by hand.
const maxWeight = 1_000;

/** Parses and compiles. Throws ExpressionSyntaxError with the place of the first mistake. */
export function compileExpression(source: string): CompiledExpression {
  const compiler = makeCompiler(source);
  const code = compiler.code(parseExpression(source), undefined);
  // The path forms of arguments are compiled when they are first wanted; whether that fails must not depend on when.
  compiler.nodes = Infinity;
  if (code.weight > maxWeight) throw new ExpressionSyntaxError('The expression is too complex', source, 0);
  const start = (environment: ExpressionEnvironment): Env => ({
    run: new Run(environment),
    value: null,
    closure: undefined,
    up: undefined,
  });
  const each = (input: Json, environment: ExpressionEnvironment, take: (output: Json) => void): void => {
    const env = start(environment);
    withinStack(env.run, () => {
      env.run.enter(code.weight);
      return code.many(input, env, (value) => {
        env.run.tick();
        take(checkResult(value, env.run));
        return false;
      });
    });
  };
  return {
    source,
    variables: compiler.globals,
    first: (input, environment) => {
      const env = start(environment);
      return withinStack(env.run, () => {
        env.run.enter(code.weight);
        const value = firstOf(code, input, env);
        return value === undefined ? undefined : checkResult(value, env.run);
      });
    },
    all: (input, environment) => {
      const values: Json[] = [];
      each(input, environment, (value) => values.push(value));
      return values;
    },
    each,
  };
}

/**
 * The depth limit ends a recursion long before the stack does. A caller that has used up most of the stack before it
 * evaluates gets the same kind of error, not a crash.
 */
function withinStack<Result>(run: Run, evaluate: () => Result): Result {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof Raised) throw new ExpressionError(error.value, error.message);
    if (error instanceof RangeError)
      throw new ExpressionLimitError('Expression is nested too deep for the stack');
    throw error;
  } finally {
    run.environment.spent?.(run.used);
  }
}
