/** Why an execution faulted, as an error of the language. Pure. */
import { ApplicationFailure, TimeoutFailure } from '@temporalio/common';
import { z } from 'zod';
import { standardFault } from '../dsl/errors.ts';
import type { WorkflowError } from '../dsl/errors.ts';

const workflowError: z.ZodType<WorkflowError> = z.object({
  type: z.string(),
  status: z.number(),
  instance: z.string(),
  title: z.string(),
  detail: z.string().optional(),
});

/**
 * The error behind a failed workflow. The interpreter, and activities that fail on purpose, carry it in the failure's
 * details; the failure of a TypeScript workflow becomes a runtime error with the message of its deepest cause. Stack
 * traces stay behind.
 */
export function executionError(failure: unknown): WorkflowError {
  const causes = causeChain(failure);
  for (const cause of causes) {
    const carried =
      cause instanceof ApplicationFailure ? workflowError.safeParse(cause.details?.[0]) : undefined;
    if (carried?.success) return carried.data;
  }
  const root = causes.at(-1);
  const message = root?.message || 'The workflow failed without a message';
  if (root instanceof TimeoutFailure) return standardFault('timeout', '/', message).error;
  const title = root instanceof ApplicationFailure ? (root.type ?? undefined) : undefined;
  return standardFault('runtime', '/', message, { title }).error;
}

function causeChain(failure: unknown): readonly Error[] {
  const causes: Error[] = [];
  let current = failure;
  while (current instanceof Error && causes.length < 20) {
    causes.push(current);
    current = current.cause;
  }
  return causes;
}
