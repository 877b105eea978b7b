import type { Json } from '../json.ts';

/** What one evaluation may use. Numbers are deterministic counts, never time, so that a replay ends where the run did. */
export interface ExpressionLimits {
  /** Operations: each output of a generator, each call, each element that a built-in touches. */
  readonly steps: number;
  /** Nesting of calls, in nodes of the expression that are active at once, and nesting of values. */
  readonly depth: number;
  /** Size of one string, array or object and of the result, in bytes of JSON, roughly. */
  readonly valueBytes: number;
  /** Work of regular expressions in one evaluation: states that the matcher looks at, patterns that are compiled included. */
  readonly regexSteps: number;
}

// Of some fifty kinds of recursion the greediest overflows V8's default stack of just under 1 MB at a depth near 4,000,
// which leaves half of the stack to whoever evaluates. Nested arrays cost 2 to 5 a level.
export const defaultExpressionLimits: ExpressionLimits = {
  steps: 1_000_000,
  depth: 2_000,
  valueBytes: 16 * 1024 * 1024,
  regexSteps: 5_000_000,
};

/** What an expression sees of the world. */
export interface ExpressionEnvironment {
  /** Values of free variables, by name without `$`. */
  readonly variables: Readonly<Record<string, Json>>;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  readonly limits: ExpressionLimits;
  /** Hears of the steps that each evaluation took, also of one that failed. */
  readonly spent?: (steps: number) => void;
}
