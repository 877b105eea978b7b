import type { Json } from '../json.ts';

/** What one evaluation may use. Numbers are deterministic counts, never time, so that a replay ends where the run did. */
export interface ExpressionLimits {
  /** Operations: each output of a generator, each call, each element that a built-in touches. */
  readonly steps: number;
  /** Nesting of calls, in nodes of the expression that are active at once, and nesting of values. */
  readonly depth: number;
  /** Size of the result, in bytes of JSON, roughly. What stands in it many times counts as often. */
  readonly outputBytes: number;
  /** Length of any text on the way, in UTF-16 units. */
  readonly stringLength: number;
  /** Items of any array or members of any object on the way, so also the greatest index that can be written. */
  readonly arrayLength: number;
  /** Work of regular expressions: states that the matcher looks at, compiling the patterns included. */
  readonly regexSteps: number;
}

/**
 * The greatest `depth` that can be configured. Of some fifty kinds of recursion the greediest overflows V8's default
 * stack of just under 1 MB at a depth near 4,000; whoever evaluates has used some of it. Nested arrays cost 2 to 5 a level.
 */
export const maxDepth = 3_000;

export const defaultExpressionLimits: ExpressionLimits = {
  steps: 1_000_000,
  depth: 2_000,
  outputBytes: 16 * 1024 * 1024,
  stringLength: 4 * 1024 * 1024,
  arrayLength: 1_000_000,
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
