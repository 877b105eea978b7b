import type { WorkflowHandle } from '@temporalio/client';
import { operationQueries, operationUpdates, statusQuery } from '../../../workflows/contract.ts';
import type { OperationAnswer, RetryPlan, RetryRequest, StatusReport } from '../../../workflows/contract.ts';
import { arrange, type Execution } from '../execution.ts';
import { expectedOutcome } from '../outcomes.ts';
import { anotherRun, stepAt } from '../spots.ts';
import type { Stage } from '../stage.ts';
import { eachRow } from './operation.ts';
import { expectSameRequests } from './requests.ts';
import { caught, makeTrouble } from './trouble.ts';

/** It faults at its position and is held open; what was wrong is mended, and it is retried in place. */
export const retryInPlace = eachRow(['retry in place'], async (stage, row) => {
  if (row.subject.raises === true && row.nesting.catches === true) return caught;
  const execution = arrange(stage, row, { operation: 'retry', onFault: 'hold', held: ['beside'] });
  const trouble = makeTrouble(execution);
  await execution.start();
  const held = await heldOpen(stage, execution);
  await trouble.mend();
  const { runId } = await execution.handle.describe();
  const answer = await held.executeUpdate<OperationAnswer, [RetryRequest]>(operationUpdates.retry, {
    args: [{}],
  });
  expect(answer).toEqual({ status: 'running' });
  execution.release();
  if (row.subject.raises === true) {
    // Nothing but its own definition is wrong.
    await anotherRun(execution, runId);
    await heldOpen(stage, execution);
    await execution.handle.cancel();
  } else await execution.endsWith(expectedOutcome(row));
  expectSameRequests(stage, execution, [stepAt(row, 'subject'), 'beside/1']);
});

/** It faults at its position and ends; what was wrong is mended, and a new run goes on. */
export const retryAsNewRun = eachRow(['retry as new run'], async (stage, row) => {
  if (row.subject.raises === true && row.nesting.catches === true) return caught;
  const execution = arrange(stage, row, { operation: 'again', held: ['beside'] });
  const trouble = makeTrouble(execution);
  await execution.start();
  await execution.faults();
  await trouble.mend();
  await retryEnded(stage, execution, {});
  execution.release();
  await execution.endsWith(expectedOutcome(row));
  expectSameRequests(stage, execution, [stepAt(row, 'subject'), 'beside/1']);
});

/** Starts the new run of an execution that has faulted. */
export async function retryEnded(stage: Stage, { handle }: Execution, request: RetryRequest): Promise<void> {
  const plan = await handle.query<RetryPlan, [RetryRequest]>(operationQueries.retryPlan, request);
  if (!plan.possible || plan.start === undefined) throw new Error(JSON.stringify(plan));
  expect(plan.inPlace).toBe(false);
  await stage.service.startAgain(handle, plan.start);
}

/** Waits until the execution is held open, and gives it: where the subject is a child, that one. */
export async function heldOpen({ service }: Stage, execution: Execution): Promise<WorkflowHandle> {
  const { row, handle } = execution;
  return await execution.until('the hold', async () => {
    const report = await execution.report();
    if (row.subject.name !== 'run workflow') return report.held === true ? handle : undefined;
    const child = report.children?.[0]?.workflowId;
    if (child === undefined) return undefined;
    const found = service.client.workflow.getHandle(child);
    return (await found.query<StatusReport>(statusQuery)).held === true ? found : undefined;
  });
}
