import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { ApiDependencies } from './dependencies.ts';
import { attributeStatus, executionIdentity, executionStatus } from './execution-view.ts';
import { hasEnded, isHeld } from './execution-view.ts';
import { executionReference } from './open-execution.ts';
import { preferredWait } from './prefer.ts';
import { describeExecution, readExecution, readOutcome } from './read-execution.ts';
import type { Route } from './route.ts';
import { withinDeadline } from './temporal-deadline.ts';
import { announceWait, executionLocation, waitForEnd } from './wait-for-end.ts';

/** A history can have 50,000 events: reading it may take longer than other calls, in milliseconds. */
const historyDeadlineMs = 30_000;

/** `/v1/executions/{id}` and what can be read below it. */
export function readRoutes(dependencies: ApiDependencies): Route[] {
  const { client, connection } = dependencies;

  return [
    {
      method: 'get',
      path: '/v1/executions/{id}',
      handle: async (request, response) => {
        const { id, runId } = executionReference(request, response);
        response.json(await readExecution(dependencies, id, runId));
      },
    },
    {
      method: 'get',
      path: '/v1/executions/{id}/result',
      handle: async (request, response) => {
        const execution = executionReference(request, response);
        const wait = preferredWait(request.get('prefer'));
        announceWait(response, wait);
        let description = await describeExecution(dependencies, execution.id, execution.runId);
        if (!hasEnded(description.status.name)) {
          const ended = wait ? await waitForEnd(dependencies, execution, wait, response) : false;
          // The end may lie in a later run.
          if (ended) description = await describeExecution(dependencies, execution.id);
        }
        const { name } = description.status;
        const status = executionStatus(name, attributeStatus(description));
        const identity = { ...executionIdentity(description), status, held: isHeld(name, status) };
        if (hasEnded(name)) {
          const { output, error } = await readOutcome(dependencies, description);
          response.json({ ...identity, output, error });
        } else {
          response.status(202).location(executionLocation(execution.id)).json(identity);
        }
      },
    },
    {
      method: 'get',
      path: '/v1/executions/{id}/history',
      handle: async (request, response) => {
        const { id, runId } = executionReference(request, response);
        // Says at once what is unknown, or that Temporal is gone.
        const run = await describeExecution(dependencies, id, runId);
        const handle = client.workflow.getHandle(id, run.runId);
        const history = await withinDeadline(connection, historyDeadlineMs, () => handle.fetchHistory());
        response.type('application/json').send(historyToJSON(history));
      },
    },
  ];
}
