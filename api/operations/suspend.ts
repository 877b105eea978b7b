import type { Request } from 'express';
import { z } from 'zod';
import { operationUpdates } from '../../workflows/contract.ts';
import type { OperationAnswer } from '../../workflows/contract.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { messageKey } from '../message-key.ts';
import { parseBody } from '../parse-request.ts';
import type { ApiResponse, Route } from '../route.ts';
import { describeDefinition, updateEngine } from './engine-calls.ts';
import { readOpenState } from './open-state.ts';
import { operationRequest } from './operation-request.ts';

export const suspendBody = z.strictObject({});

/** Suspend, which holds an execution at its next task boundaries, and resume. Both are fine to repeat. */
export function suspendRoutes(dependencies: ApiDependencies): Route[] {
  const route = (name: 'suspend' | 'resume'): Route => ({
    method: 'post',
    path: `/v1/executions/{id}/${name}`,
    body: 'json',
    handle: (request, response) => change(name, request, response),
  });

  async function change(name: 'suspend' | 'resume', request: Request, response: ApiResponse): Promise<void> {
    parseBody(suspendBody, request.body);
    const { id, runId, dryRun } = operationRequest(request, response);
    const asked = name === 'suspend' ? 'can be suspended' : 'can be suspended and resumed';
    const description = await describeDefinition(dependencies, { id, runId }, asked);
    if (dryRun) {
      const { state, answer } = await readOpenState(dependencies, description);
      const { status, tasks, tasksUnavailable } = state;
      const isSuspended = answer.report?.suspendedAt !== undefined;
      const wouldChange = isSuspended === (name === 'resume');
      response.json({ id, dryRun, status, wouldChange, tasks, tasksUnavailable });
      return;
    }
    const key = messageKey(request, response);
    const update = operationUpdates[name];
    const { status } = await updateEngine<OperationAnswer>(
      dependencies,
      { id, runId },
      update,
      undefined,
      key,
    );
    response.json({ id, status });
  }

  return [route('suspend'), route('resume')];
}
