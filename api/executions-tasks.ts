import { z } from 'zod';
import type { ApiDependencies } from './dependencies.ts';
import { isPending } from './execution-view.ts';
import { runQuery } from './open-execution.ts';
import { describeDefinition } from './operations/engine-calls.ts';
import { parseQuery } from './parse-request.ts';
import { pathParameter } from './route.ts';
import type { Route } from './route.ts';
import { gatherTasks } from './task-pages.ts';
import type { GatheredTasks } from './task-pages.ts';

export const tasksQuery = runQuery.extend({
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

/** `GET /v1/executions/{id}/tasks`: the task runs of an execution, the latest page first. */
export function taskRoutes(dependencies: ApiDependencies): Route[] {
  return [
    {
      method: 'get',
      path: '/v1/executions/{id}/tasks',
      handle: async (request, response) => {
        const id = (response.locals.workflowId = pathParameter(request, 'id'));
        const { runId, before, limit } = parseQuery(tasksQuery, request.query);
        const description = await describeDefinition(dependencies, { id, runId }, 'have tasks');
        const run = { id, runId: description.runId };
        const nothing: GatheredTasks = { tasks: [], before: null, runId: run.runId };
        // Nobody can be asked yet, and there are none.
        const page = isPending(description)
          ? nothing
          : await gatherTasks(dependencies, run, { before, limit });
        response.json({ id, ...page });
      },
    },
  ];
}
