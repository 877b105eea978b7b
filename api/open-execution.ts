import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { Request } from 'express';
import { z } from 'zod';
import type { ApiDependencies } from './dependencies.ts';
import { isNotFound } from './error-problem.ts';
import { executionStatus, hasEnded } from './execution-view.ts';
import { parseQuery } from './parse-request.ts';
import { Problem } from './problem.ts';
import { describeExecution } from './read-execution.ts';
import { pathParameter } from './route.ts';
import type { ApiResponse } from './route.ts';

/** `?runId=`: one run of an execution that continued as new; the latest without it. */
export const runQuery = z.strictObject({ runId: z.string().min(1).max(128).optional() });

export interface ExecutionReference {
  readonly id: string;
  readonly runId?: string;
}

/** The execution that the request's path and `runId` name. Whether it exists is not looked up. */
export function executionReference(request: Request, response: ApiResponse): ExecutionReference {
  const id = pathParameter(request, 'id');
  response.locals.workflowId = id;
  return { id, runId: parseQuery(runQuery, request.query).runId };
}

/**
 * Makes a call that only a running execution takes. Temporal answers "not found" for ended and unknown ones alike;
 * here the first fails with 409, the second with 404.
 */
export async function onOpenExecution<T>(
  dependencies: ApiDependencies,
  execution: ExecutionReference,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!isNotFound(error)) throw error;
    await refuseEnded(dependencies, execution, error);
    throw error;
  }
}

/** Fails with 409 where the execution, or the run that is named, has ended, and with 404 where there is none. */
async function refuseEnded(
  dependencies: ApiDependencies,
  { id, runId }: ExecutionReference,
  cause: unknown,
): Promise<void> {
  refuseClosed(await describeExecution(dependencies, id, runId), cause);
}

/** Fails with 409 for a run that is closed. */
export function refuseClosed(
  { workflowId, runId, status }: Pick<WorkflowExecutionDescription, 'workflowId' | 'runId' | 'status'>,
  cause?: unknown,
): void {
  const continued = status.name === 'CONTINUED_AS_NEW';
  if (!hasEnded(status.name) && !continued) return;
  const what = continued ? `The run ${runId} of "${workflowId}"` : `The execution "${workflowId}"`;
  throw new Problem('execution-ended', `${what} has ended`, {
    cause,
    members: { executionStatus: executionStatus(status.name) },
  });
}
