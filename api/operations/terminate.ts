import { z } from 'zod';
import type { ApiDependencies } from '../dependencies.ts';
import { onOpenExecution } from '../open-execution.ts';
import { parseBody } from '../parse-request.ts';
import { describeExecution } from '../read-execution.ts';
import type { Route } from '../route.ts';
import { temporalDeadlineMs, withinDeadline } from '../temporal-deadline.ts';
import { readOpenState } from './open-state.ts';
import { operationRequest } from './operation-request.ts';

export const terminateBody = z.strictObject({ reason: z.string().max(1_000).optional() });

/** Terminate: Temporal ends the execution at once. It does not see it, so that nothing is undone. */
export function terminateRoute(dependencies: ApiDependencies): Route {
  const { client, connection } = dependencies;
  return {
    method: 'post',
    path: '/v1/executions/{id}/terminate',
    body: 'json',
    handle: async (request, response) => {
      const { reason } = parseBody(terminateBody, request.body);
      const { dryRun, ...execution } = operationRequest(request, response);
      const { id, runId } = execution;
      if (dryRun) {
        const description = await describeExecution(dependencies, id, runId);
        const { state } = await readOpenState(dependencies, description);
        const { compensations, ...rest } = state;
        response.json({ id, dryRun, ...rest, compensations: [], leftUndone: compensations });
        return;
      }
      const handle = client.workflow.getHandle(id, runId);
      await onOpenExecution(dependencies, execution, () =>
        withinDeadline(connection, temporalDeadlineMs, () => handle.terminate(reason)),
      );
      response.status(202).json({ id, accepted: true });
    },
  };
}
