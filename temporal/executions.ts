import {
  WorkflowFailedError,
  WorkflowNotFoundError,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { Executions } from '../activities/executions.ts';
import type { Json } from '../dsl/json.ts';
import { operationQueries } from '../workflows/contract.ts';
import type { ChildRetry, ExecutionEnd, RetryPlan, RetryRequest } from '../workflows/contract.ts';

// The engine counts on an answer after so long.
const watchMs = 5 * 60_000;

/** Executions through Temporal, for activities. The client is asked for at the first use. */
export function createExecutions(client: () => Client): Executions {
  return {
    async watch({ workflowId, runId }, signal) {
      const enough = AbortSignal.timeout(watchMs);
      try {
        return await client().withAbortSignal(AbortSignal.any([signal, enough]), () =>
          endOf(client().workflow.getHandle(workflowId, runId)),
        );
      } catch (error) {
        signal.throwIfAborted();
        if (enough.aborted) return { status: 'running' };
        throw error;
      }
    },
    async planRetry({ workflowId }) {
      const handle = client().workflow.getHandle(workflowId);
      const { status, runId } = await handle.describe();
      if (status.name === 'RUNNING' || status.name === 'PAUSED') return { status: 'running', runId };
      const end = await endOf(handle);
      if (end.status === 'completed') return end;
      return planOf(handle, { fromAnywhere: end.status === 'cancelled' });
    },
    async cancel(workflowId) {
      try {
        await client().workflow.getHandle(workflowId).cancel();
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    },
    async isRunning(workflowId) {
      try {
        const { status } = await client().workflow.getHandle(workflowId).describe();
        return status.name === 'RUNNING' || status.name === 'PAUSED';
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      }
    },
  };
}

async function endOf(handle: WorkflowHandle): Promise<ExecutionEnd> {
  try {
    const output = (await handle.result()) as Json | undefined;
    return { status: 'completed', output: output ?? null };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const { cause } = error;
    const message = cause?.message ?? error.message;
    if (cause instanceof ApplicationFailure) {
      const [detail] = cause.details ?? [];
      return { status: 'faulted', message, ...(isError(detail) ? { error: detail } : {}) };
    }
    // Whoever terminated it wanted its end as much as who cancelled it.
    const isCancelled = cause instanceof CancelledFailure || cause?.name === 'TerminatedFailure';
    return { status: isCancelled ? 'cancelled' : 'faulted', message };
  }
}

async function planOf(handle: WorkflowHandle, request: RetryRequest): Promise<ChildRetry> {
  const plan = await handle.query<RetryPlan, [RetryRequest]>(operationQueries.retryPlan, request);
  // What was undone begins anew.
  return plan.possible && plan.start !== undefined
    ? { status: 'ended', start: plan.start }
    : { status: 'ended' };
}

type ErrorOfEnd = NonNullable<Extract<ExecutionEnd, { readonly status: 'faulted' }>['error']>;

function isError(detail: unknown): detail is ErrorOfEnd {
  return typeof detail === 'object' && detail !== null && 'type' in detail && 'status' in detail;
}
