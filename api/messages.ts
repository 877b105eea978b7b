import { randomUUID } from 'node:crypto';
import {
  QueryNotRegisteredError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { encodeToPayloadsWithContext } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { Request } from 'express';
import { z } from 'zod';
import type { Json } from '../dsl/json.ts';
import type { ApiDependencies } from './dependencies.ts';
import { isDeadline } from './error-problem.ts';
import { messageKey } from './message-key.ts';
import { executionReference, onOpenExecution } from './open-execution.ts';
import { unanswered } from './no-answer.ts';
import { jsonValue, parseBody } from './parse-request.ts';
import { refuseLarge } from './payload-size.ts';
import { Problem } from './problem.ts';
import { describeExecution } from './read-execution.ts';
import { pathParameter } from './route.ts';
import type { ApiResponse, Route } from './route.ts';
import { temporalDeadlineMs, withinDeadline } from './temporal-deadline.ts';

/** How long an update may take, in milliseconds. */
const updateDeadlineMs = 30_000;

export const messageBody = z.strictObject({ input: jsonValue.optional() });

/** Signals, queries and updates of an execution. Each takes at most one argument, `input`. */
export function messageRoutes(dependencies: ApiDependencies): Route[] {
  const { client, connection, settings } = dependencies;

  function inputOf(request: Request): Json | undefined {
    const { input } = parseBody(messageBody, request.body);
    if (input !== undefined) refuseLarge('input', input, settings.limits.payloadBytes);
    return input;
  }

  async function signal(request: Request, response: ApiResponse): Promise<void> {
    const execution = executionReference(request, response);
    const signalName = pathParameter(request, 'name');
    const input = inputOf(request);
    const { namespace, loadedDataConverter } = client.options;
    const { id: workflowId, runId } = execution;
    const context = { type: 'workflow' as const, namespace, workflowId };
    const payloads = await encodeToPayloadsWithContext(
      loadedDataConverter,
      context,
      input === undefined ? [] : [input],
    );
    // The SDK's own signal() draws a new request id for each call; Temporal drops a second signal with the same one.
    await onOpenExecution(dependencies, execution, () =>
      withinDeadline(connection, temporalDeadlineMs, () =>
        client.workflowService.signalWorkflowExecution({
          namespace,
          workflowExecution: { workflowId, runId },
          signalName,
          input: { payloads },
          requestId: messageKey(request, response) ?? randomUUID(),
          identity: client.options.identity,
        }),
      ),
    );
    response.status(202).json({ id: workflowId, accepted: true });
  }

  async function query(request: Request, response: ApiResponse): Promise<void> {
    const { id, runId } = executionReference(request, response);
    const name = pathParameter(request, 'name');
    const input = request.method === 'POST' ? inputOf(request) : undefined;
    // Tells an unknown execution and a lost Temporal from a worker that does not answer.
    const { runId: found } = await describeExecution(dependencies, id, runId);
    const handle = client.workflow.getHandle(id, found);
    try {
      const result = await withinDeadline(connection, temporalDeadlineMs, () =>
        handle.query<unknown, Json[]>(name, ...(input === undefined ? [] : [input])),
      );
      response.json({ result: result ?? null });
    } catch (error) {
      if (error instanceof QueryNotRegisteredError) throw refusedQuery(name, error);
      throw isDeadline(error) ? unanswered('query', temporalDeadlineMs, error) : error;
    }
  }

  async function update(request: Request, response: ApiResponse): Promise<void> {
    const execution = executionReference(request, response);
    const name = pathParameter(request, 'name');
    const input = inputOf(request);
    const updateId = messageKey(request, response);
    await describeExecution(dependencies, execution.id, execution.runId);
    const handle = client.workflow.getHandle(execution.id, execution.runId);
    try {
      const result = await onOpenExecution(dependencies, execution, () =>
        withinDeadline(connection, updateDeadlineMs, () =>
          input === undefined
            ? handle.executeUpdate<unknown, []>(name, { updateId })
            : handle.executeUpdate<unknown, [Json]>(name, { args: [input], updateId }),
        ),
      );
      response.json({ result: result ?? null });
    } catch (error) {
      if (error instanceof WorkflowUpdateFailedError) throw refusedUpdate(name, error);
      const late = error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isDeadline(error);
      throw late ? unanswered('update', updateDeadlineMs, error) : error;
    }
  }

  const execution = '/v1/executions/{id}';
  return [
    { method: 'post', path: `${execution}/signals/{name}`, body: 'json', handle: signal },
    { method: 'get', path: `${execution}/queries/{name}`, handle: query },
    { method: 'post', path: `${execution}/queries/{name}`, body: 'json', handle: query },
    { method: 'post', path: `${execution}/updates/{name}`, body: 'json', handle: update },
  ];
}

function refusedQuery(name: string, error: QueryNotRegisteredError): Problem {
  if (/did not register a handler|not find/i.test(error.message)) {
    return new Problem('handler-not-found', `The workflow has no query "${name}"`, { cause: error });
  }
  return new Problem('handler-failed', `The query "${name}" failed: ${error.message}`, { cause: error });
}

function refusedUpdate(name: string, error: WorkflowUpdateFailedError): Problem {
  const message = error.cause?.message ?? error.message;
  if (/no registered handler|did not register/i.test(message)) {
    return new Problem('handler-not-found', `The workflow has no update "${name}"`, { cause: error });
  }
  return new Problem('handler-failed', `The update "${name}" failed: ${message}`, { cause: error });
}
