import type { Json } from '../json.ts';
import { ExpressionLimitError } from './errors.ts';

/** What one evaluation may use. Numbers are deterministic counts, never time, so that a replay ends where the run did. */
export interface ExpressionLimits {
  /** Operations: each output of a generator, each call, each element that a built-in touches. */
  readonly steps: number;
  /** Nesting of calls, in nodes of the expression that are active at once, and nesting of values. */
  readonly depth: number;
  /** Size of one string, array or object and of the result, in bytes of JSON, roughly. */
  readonly valueBytes: number;
}

// The depth is safe with V8's default stack of under 1 MB, of which a workflow sandbox has used a part:
// one active node costs at most about 250 bytes.
export const defaultExpressionLimits: ExpressionLimits = {
  steps: 1_000_000,
  depth: 1_500,
  valueBytes: 16 * 1024 * 1024,
};

/** What an expression sees of the world. */
export interface ExpressionEnvironment {
  /** Values of free variables, by name without `$`. */
  readonly variables: Readonly<Record<string, Json>>;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  readonly limits: ExpressionLimits;
}
