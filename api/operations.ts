import { z } from 'zod';
import type { ApiDependencies } from './dependencies.ts';
import { executionReference, onOpenExecution, refuseEnded } from './open-execution.ts';
import { parseBody } from './parse-request.ts';
import type { Route } from './route.ts';
import { temporalDeadlineMs, withinDeadline } from './temporal-deadline.ts';

export const cancelBody = z.strictObject({});
export const terminateBody = z.strictObject({ reason: z.string().max(1_000).optional() });

/** Cancel, which the workflow sees and can clean up after, and terminate, which it does not see. */
export function operationRoutes(dependencies: ApiDependencies): Route[] {
  const { client, connection } = dependencies;
  return [
    {
      method: 'post',
      path: '/v1/executions/{id}/cancel',
      body: 'json',
      handle: async (request, response) => {
        parseBody(cancelBody, request.body);
        const execution = executionReference(request, response);
        const handle = client.workflow.getHandle(execution.id, execution.runId);
        // Temporal takes a cancel of an ended execution, and does nothing.
        await refuseEnded(dependencies, execution);
        await onOpenExecution(dependencies, execution, () =>
          withinDeadline(connection, temporalDeadlineMs, () => handle.cancel()),
        );
        response.status(202).json({ id: execution.id, accepted: true });
      },
    },
    {
      method: 'post',
      path: '/v1/executions/{id}/terminate',
      body: 'json',
      handle: async (request, response) => {
        const { reason } = parseBody(terminateBody, request.body);
        const execution = executionReference(request, response);
        const handle = client.workflow.getHandle(execution.id, execution.runId);
        await onOpenExecution(dependencies, execution, () =>
          withinDeadline(connection, temporalDeadlineMs, () => handle.terminate(reason)),
        );
        response.status(202).json({ id: execution.id, accepted: true });
      },
    },
  ];
}
