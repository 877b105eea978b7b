import type { Request } from 'express';
import { z } from 'zod';
import { runQuery } from '../open-execution.ts';
import type { ExecutionReference } from '../open-execution.ts';
import { parseQuery } from '../parse-request.ts';
import { pathParameter } from '../route.ts';
import type { ApiResponse } from '../route.ts';

/** `?dryRun=true` on an operation: says what would happen and changes nothing. */
export const operationQuery = runQuery.extend({ dryRun: z.enum(['true', 'false']).optional() });

export interface OperationRequest extends ExecutionReference {
  readonly dryRun: boolean;
}

/** What the path and the query of an operation say. Whether the execution exists is not looked up. */
export function operationRequest(request: Request, response: ApiResponse): OperationRequest {
  const id = pathParameter(request, 'id');
  response.locals.workflowId = id;
  const { runId, dryRun } = parseQuery(operationQuery, request.query);
  return { id, runId, dryRun: dryRun === 'true' };
}
