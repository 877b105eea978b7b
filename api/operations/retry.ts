import { createHash } from 'node:crypto';
import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { Request } from 'express';
import { z } from 'zod';
import { canonicalJson } from '../../dsl/json.ts';
import { operationQueries, operationUpdates } from '../../workflows/contract.ts';
import type { OperationAnswer, RetryPlan, RetryRequest } from '../../workflows/contract.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { executionStatus, hasEnded } from '../execution-view.ts';
import { messageKey } from '../message-key.ts';
import { refuseClosed } from '../open-execution.ts';
import { jsonValue, parseBody } from '../parse-request.ts';
import { refuseLarge } from '../payload-size.ts';
import { Problem } from '../problem.ts';
import { describeExecution } from '../read-execution.ts';
import type { ApiResponse, Route } from '../route.ts';
import { executionLocation } from '../wait-for-end.ts';
import { describeDefinition, queryEngine, updateEngine } from './engine-calls.ts';
import { operationRequest } from './operation-request.ts';
import { refusalProblem } from './refusal.ts';
import { earlierRetry, startRetry } from './retry-run.ts';
import type { RetryAsked, RetryRun } from './retry-run.ts';
import { waitingRoot } from './waiting-root.ts';

export const retryBody = z.strictObject({ input: jsonValue.optional() });

/**
 * Retry: a faulted execution goes on at the task that faulted. One that is held open does so in place; one that has
 * ended does so as a new run under the same id.
 */
export function retryRoute(dependencies: ApiDependencies): Route {
  const { settings } = dependencies;

  async function retry(request: Request, response: ApiResponse): Promise<void> {
    const { input } = parseBody(retryBody, request.body);
    if (input !== undefined) refuseLarge('input', input, settings.limits.payloadBytes);
    const { id, runId, dryRun } = operationRequest(request, response);
    const edited: RetryRequest = input === undefined ? {} : { input };
    const described = await describeDefinition(dependencies, { id, runId }, 'can be retried');
    const latest = runId === undefined ? described : await describeExecution(dependencies, id);
    if (dryRun) {
      await refuseUnretriable(dependencies, described, latest);
      response.json({ id, dryRun, ...withoutStart(await planOf(described, edited)) });
      return;
    }

    const key = messageKey(request, response);
    const asked: RetryAsked = { key, digest: digestOf(edited) };
    const earlier = earlierRetry(latest, runId, asked);
    if (earlier !== undefined) return answerRun(response, id, earlier);
    if (!hasEnded(described.status.name)) {
      const name = operationUpdates.retry;
      const { status } = await updateEngine<OperationAnswer>(dependencies, { id, runId }, name, edited, key);
      response.status(202).location(executionLocation(id)).json({ id, status, inPlace: true });
      return;
    }
    await refuseUnretriable(dependencies, described, latest);
    const plan = await planOf(described, edited);
    if (!plan.possible) throw impossible(plan);
    return answerRun(response, id, await startRetry(dependencies, described, plan, asked));
  }

  function planOf(
    { workflowId, runId }: WorkflowExecutionDescription,
    edited: RetryRequest,
  ): Promise<RetryPlan> {
    return queryEngine<RetryPlan>(
      dependencies,
      { id: workflowId, runId },
      operationQueries.retryPlan,
      edited,
    );
  }

  return { method: 'post', path: '/v1/executions/{id}/retry', body: 'json', handle: retry };
}

function digestOf(edited: RetryRequest): string {
  const meaning = edited.input === undefined ? [] : [edited.input];
  return createHash('sha256').update(canonicalJson(meaning)).digest('hex');
}

function answerRun(response: ApiResponse, id: string, { runId, retryOf, replayed }: RetryRun): void {
  if (replayed) response.set('Idempotent-Replayed', 'true');
  response.status(202).location(executionLocation(id));
  response.json({ id, runId, retryOf, inPlace: false });
}

/** A plan as it is told: the argument of the new run is as large as the execution, and the engine's own. */
function withoutStart(plan: RetryPlan): Partial<RetryPlan> {
  if (!plan.possible) return plan;
  const { start: _, ...told } = plan;
  return told;
}

/** Fails with 409 for a run that is closed and cannot begin another one. */
async function refuseUnretriable(
  dependencies: ApiDependencies,
  run: WorkflowExecutionDescription,
  latest: WorkflowExecutionDescription,
): Promise<void> {
  const { workflowId, runId, status } = run;
  if (executionStatus(status.name) !== 'faulted' || latest.runId !== runId) return refuseClosed(run);
  const root = await waitingRoot(dependencies, run);
  if (root === undefined) return;
  throw new Problem(
    'retry-the-root',
    `"${workflowId}" ran for another execution, which no longer waits for it; retry "${root}" instead`,
    { members: { root: { id: root } } },
  );
}

function impossible({ refusal, reason }: Extract<RetryPlan, { possible: false }>): Problem {
  const problem = refusalProblem({ type: refusal, message: reason });
  return problem ?? new Problem('execution-not-faulted', reason);
}
