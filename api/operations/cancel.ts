import { z } from 'zod';
import { operationUpdates } from '../../workflows/contract.ts';
import type { PrepareCancelRequest } from '../../workflows/contract.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { executionIdentity, runsDefinition } from '../execution-view.ts';
import { messageKey } from '../message-key.ts';
import { onOpenExecution, refuseClosed } from '../open-execution.ts';
import { parseBody } from '../parse-request.ts';
import { describeExecution } from '../read-execution.ts';
import type { Route } from '../route.ts';
import { temporalDeadlineMs, withinDeadline } from '../temporal-deadline.ts';
import { notSupported, updateEngine } from './engine-calls.ts';
import { readOpenState } from './open-state.ts';
import { operationRequest } from './operation-request.ts';

export const cancelBody = z.strictObject({ compensate: z.boolean().optional() });

/** Cancel: the execution sees it, undoes its work unless it is told not to, and ends. */
export function cancelRoute(dependencies: ApiDependencies): Route {
  const { client, connection } = dependencies;
  return {
    method: 'post',
    path: '/v1/executions/{id}/cancel',
    body: 'json',
    handle: async (request, response) => {
      const { compensate } = parseBody(cancelBody, request.body);
      const { dryRun, ...execution } = operationRequest(request, response);
      const { id, runId } = execution;
      const description = await describeExecution(dependencies, id, runId);
      const definition = runsDefinition(description);
      if (compensate === false && !definition) {
        const { workflow } = executionIdentity(description);
        throw notSupported(
          `The workflow ${workflow} decides itself what it cleans up; cancel without "compensate"`,
        );
      }
      // Temporal takes a cancel of an ended execution, and does nothing.
      refuseClosed(description);
      if (dryRun) {
        const { state } = await readOpenState(dependencies, description);
        const { compensations, ...rest } = state;
        const undone =
          compensate === false ? { compensations: [], leftUndone: compensations } : { compensations };
        response.json({ id, dryRun, ...rest, leftUndone: [], ...undone });
        return;
      }
      if (compensate !== undefined && definition) {
        const prepare: PrepareCancelRequest = { compensate };
        const key = messageKey(request, response);
        await updateEngine(dependencies, execution, operationUpdates.prepareCancel, prepare, key);
      }
      const handle = client.workflow.getHandle(id, runId);
      await onOpenExecution(dependencies, execution, () =>
        withinDeadline(connection, temporalDeadlineMs, () => handle.cancel()),
      );
      response.status(202).json({ id, accepted: true });
    },
  };
}
