import type { Json } from '../json.ts';
import { ExpressionError, ExpressionLimitError } from './errors.ts';

/** Runs what consumes an output, so that its errors are known to be its own. */
export type Guard = (consume: () => boolean) => boolean;

/** The value that `catch` sees, or the error again if the language does not catch it. */
export function caughtValue(error: unknown): Json {
  if (error instanceof ExpressionError && !(error instanceof ExpressionLimitError)) return error.value;
  throw error;
}

/**
 * Runs a producer so that only its own errors are handled: an error of what consumes its outputs passes. In this
 * design consumers run inside their producers, so theirs have to be told apart.
 */
export function guarded(produce: (guard: Guard) => boolean, handle: (error: unknown) => boolean): boolean {
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
    if (passing !== undefined && passing.error === error) throw error;
    return handle(error);
  }
}
