/** Perdure's own jq: what other rooms use of it. */
import type { Json } from '../json.ts';
import type { ExpressionEnvironment } from './limits.ts';
import { parseExpression } from './parser.ts';

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
}

/** Parses and compiles. Throws ExpressionSyntaxError with the place of the first mistake. */
export function compileExpression(source: string): CompiledExpression {
  parseExpression(source);
  throw new Error('The compiler is not there yet');
}
