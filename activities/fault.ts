import { ApplicationFailure } from '@temporalio/activity';
import { WorkflowFault } from '../dsl/errors.ts';
import { faultFailureType } from '../workflows/contract.ts';

/**
 * What an activity throws for `error`: a fault becomes the non-retryable failure that the engine turns back into the
 * definition's error. Everything else (a cancellation, a store that is away, a bug) passes as it is, and Temporal
 * retries it. The fault's cause stays here: it may hold what must not enter the history.
 */
export function asFailure(error: unknown): unknown {
  if (!(error instanceof WorkflowFault)) return error;
  return ApplicationFailure.create({
    type: faultFailureType,
    message: error.message,
    nonRetryable: true,
    details: [error.error],
  });
}
