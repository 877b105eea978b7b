/** The interpreter: one Temporal workflow that runs any definition. */
import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  defineQuery,
  defineSignal,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import { WorkflowFault } from '../../dsl/errors.ts';
import { isJsonObject, type Json } from '../../dsl/json.ts';
import {
  eventSignal,
  statusQuery,
  type DeliveredEvent,
  type StartArgument,
  type StatusReport,
} from '../contract.ts';
import { activityTimeouts } from './activity-timeouts.ts';
import { undo } from './compensation/undo.ts';
import { continueExecution } from './continue.ts';
import { receiveEvents } from './events/listeners.ts';
import { createExecution, type Execution } from './execution.ts';
import { faultFrame, hold, holdFault, showErrorType } from './hold.ts';
import { leave } from './leave.ts';
import { handleOperations } from './operations/handlers.ts';
import { Stop } from './pacing.ts';
import { report, type Ending } from './report.ts';
import { runDefinition } from './run-definition.ts';

/** Runs a definition from its start argument to its output. Faults end it as failed, with the error as detail. */
export async function interpret(argument: unknown): Promise<Json> {
  const execution = createExecution(checkedStart(argument));
  const { lifecycle, position } = execution;
  const ending: Ending = {};
  setHandler(defineQuery<StatusReport>(statusQuery), () => report(execution, ending), {
    description: 'Status, and the task runs in order of their start',
  });
  setHandler(defineSignal<[readonly DeliveredEvent[]]>(eventSignal), (batch) =>
    receiveEvents(position, batch),
  );
  handleOperations(execution, ending);
  if (position.cancelled === true) void CancellationScope.nonCancellable(requestOwnCancel);
  try {
    lifecycle?.takesUp();
    const output = await runOrContinue(execution);
    ending.status = 'completed';
    lifecycle?.workflow('workflow.completed');
    await lifecycle?.flush();
    return output;
  } catch (failure) {
    if (isCancellation(failure)) {
      ending.status = 'cancelled';
      lifecycle?.workflow('workflow.cancelled');
      await lifecycle?.flush();
    }
    if (!(failure instanceof WorkflowFault)) throw failure;
    const { error } = failure;
    ending.status = 'faulted';
    ending.fault = faultFrame(execution, error);
    lifecycle?.workflow('workflow.faulted', { error: { ...error } });
    await lifecycle?.flush();
    showErrorType(error);
    throw ApplicationFailure.create({
      message: failure.message,
      type: error.type,
      details: [error],
      nonRetryable: true,
    });
  } finally {
    setCurrentDetails('');
  }
}

/** Takes only what the API made: a default export gets every workflow type that nobody else knows. */
function checkedStart(argument: unknown): StartArgument {
  const { workflowType } = workflowInfo();
  if (isJsonObject(argument) && argument['perdure'] === 1 && argument['type'] === workflowType) {
    return argument as object as StartArgument;
  }
  throw ApplicationFailure.nonRetryable(
    `No workflow of type ${workflowType} is here, and this is no start of a definition. Start executions through the API: POST /v1/executions`,
    'perdure/unknown-workflow',
  );
}

/** Runs to the end, or hands the position to the next run where this one has to stop. */
async function runOrContinue(execution: Execution): Promise<Json> {
  let obstacle: WorkflowFault | undefined;
  for (;;) {
    try {
      return await runOrUndo(execution, obstacle);
    } catch (failure) {
      if (!(failure instanceof Stop)) throw failure;
    }
    obstacle = await continueExecution(execution);
    if (obstacle !== undefined) execution.pacing.isLast();
  }
}

/**
 * Runs to the end; where that is a fault or a cancellation, undoes first what tasks have registered for that. With an
 * `obstacle` no other run can go on from this one.
 */
async function runOrUndo(execution: Execution, obstacle?: WorkflowFault): Promise<Json> {
  const { position } = execution;
  if (position.compensation?.because === undefined) {
    try {
      return await (obstacle === undefined ? runOrHold(execution) : runNoFurther(execution, obstacle));
    } catch (failure) {
      const { compensation } = position;
      if (compensation === undefined || compensation.entries.length === 0) throw failure;
      if (failure instanceof WorkflowFault) compensation.because = { error: failure.error };
      else if (isCancellation(failure) && compensation.onCancel !== false)
        compensation.because = { cancelled: true };
      else throw failure;
      // Nothing of it is under way any more, nor does anybody go on from there.
      delete position.root;
    }
  }
  // What ends does not wait for somebody to resume it.
  delete position.cancelled;
  execution.pacing.suspension.resume();
  const { compensation } = position;
  await execution.cancelledCalls.ended();
  if (compensation !== undefined) await undo(execution, compensation);
  if (compensation?.because !== undefined && 'error' in compensation.because)
    throw new WorkflowFault(compensation.because.error);
  return await endAsCancelled();
}

/** Runs to the end. A fault that nothing catches keeps the execution open where it is to be held. */
async function runOrHold(execution: Execution): Promise<Json> {
  if (execution.position.held === undefined) {
    try {
      return await runDefinition(execution);
    } catch (failure) {
      if (!(failure instanceof WorkflowFault) || execution.onFault !== 'hold') throw failure;
      holdFault(execution, failure.error);
    }
  }
  return hold(execution);
}

/** Closes what is open, and throws what keeps the execution from going on. */
async function runNoFurther(execution: Execution, obstacle: WorkflowFault): Promise<never> {
  if (execution.position.held === undefined) await leave(() => runDefinition(execution));
  throw CancellationScope.current().consideredCancelled ? new CancelledFailure('Cancelled') : obstacle;
}

/** Throws the cancellation with which the execution ends: where that came in an earlier run, it has to come again. */
async function endAsCancelled(): Promise<never> {
  if (!CancellationScope.current().consideredCancelled) await requestOwnCancel();
  return await CancellationScope.current().cancelRequested;
}

async function requestOwnCancel(): Promise<void> {
  const { requestCancel } = proxyActivities<Activities>({
    ...activityTimeouts(10_000),
    summary: 'cancel again',
  });
  await requestCancel({ reference: '/', workflowId: workflowInfo().workflowId });
}
