import type { Json } from '../json.ts';
import { Raised } from './errors.ts';
import { BreakSignal } from './runtime.ts';
import type { Run } from './runtime.ts';

/** Runs what consumes an output, so that its errors are known to be its own. */
export type Guard = (consume: () => boolean) => boolean;

// A throw takes as long as many steps, and again at each place that it passes.
export const throwSteps = 20;

/** The value that `catch` sees, or the error again if the language does not catch it. */
export function caughtValue(error: unknown, run: Run): Json {
  run.tick(throwSteps);
  if (error instanceof Raised) return error.value;
  // In jq leaving by `break` is an error of this form.
  if (error instanceof BreakSignal) return { __jq: error.label.value };
  throw error;
}

/**
 * Runs a producer so that only its own errors are handled: an error of what consumes its outputs passes. In this
 * design consumers run inside their producers, so theirs have to be told apart.
 */
export function guarded(
  run: Run,
  produce: (guard: Guard) => boolean,
  handle: (error: unknown) => boolean,
): boolean {
  let passing: { readonly error: unknown } | undefined;
  try {
    return produce((consume) => {
      try {
        return consume();
      } catch (error) {
        passing = { error };
        throw error;
      }
    });
  } catch (error) {
    if (passing !== undefined && passing.error === error) {
      run.tick(throwSteps);
      throw error;
    }
    return handle(error);
  }
}
