import { randomUUID } from 'node:crypto';
import type { Request } from 'express';
import type { ApiDependencies } from './dependencies.ts';
import { temporalUiLink } from './execution-view.ts';
import { parseBody } from './parse-request.ts';
import { preferredWait } from './prefer.ts';
import { Problem } from './problem.ts';
import { readExecution } from './read-execution.ts';
import type { ApiResponse, Route } from './route.ts';
import { startUnderId, startUnderKey } from './start-execution.ts';
import type { Started } from './start-execution.ts';
import { keyedExecutionId, readIdempotencyKey, startBody } from './start-request.ts';
import { announceWait, executionLocation, waitForEnd } from './wait-for-end.ts';

/** `POST /v1/executions`: starts an execution, at most once for an `Idempotency-Key` or an `id`. */
export function startRoutes(dependencies: ApiDependencies): Route[] {
  async function start(request: Request, response: ApiResponse): Promise<void> {
    const body = parseBody(startBody, request.body);
    const key = readIdempotencyKey(request.get('idempotency-key'));
    if (key === undefined) {
      const id = (response.locals.workflowId = body.id ?? randomUUID());
      return answer(request, response, await startUnderId(dependencies, body, id), false);
    }
    if (body.id !== undefined) {
      throw new Problem('invalid-request', 'With Idempotency-Key the execution gets its id from the key', {
        errors: [{ pointer: '/id', code: 'not-allowed', message: 'cannot go with Idempotency-Key' }],
      });
    }
    const id = (response.locals.workflowId = keyedExecutionId(response.locals.caller, key));
    const { replayed, ...started } = await startUnderKey(dependencies, body, id);
    if (replayed) response.set('Idempotent-Replayed', 'true');
    return answer(request, response, started, replayed);
  }

  async function answer(
    request: Request,
    response: ApiResponse,
    started: Started,
    replayed: boolean,
  ): Promise<void> {
    const wait = preferredWait(request.get('prefer'));
    const { id, runId } = started;
    response.location(executionLocation(id));
    announceWait(response, wait);
    if (wait !== undefined || replayed) {
      // The execution exists: whatever fails from here on must not look like a failed start.
      const ended = await waitForEnd(dependencies, started, wait ?? 0, response).catch(() => false);
      const execution = ended ? await readExecution(dependencies, id).catch(() => undefined) : undefined;
      if (execution !== undefined) {
        response.json(execution);
        return;
      }
    }
    const links = { temporalUi: temporalUiLink(dependencies.settings, id, runId) };
    response.status(202).json({ ...started, status: 'running', links });
  }

  return [{ method: 'post', path: '/v1/executions', body: 'json', handle: start }];
}
