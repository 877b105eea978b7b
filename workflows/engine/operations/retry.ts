/** Retry: a faulted execution goes on from the task that failed. docs/operations/retry.md. */
import { WorkflowFault } from '../../../dsl/errors.ts';
import { asJson, type Json } from '../../../dsl/json.ts';
import { operationRefusals, type RetryPlan, type RetryRequest } from '../../contract.ts';
import type { Execution } from '../execution.ts';
import { validate } from '../expressions.ts';
import type { HeldFrame, Position } from '../position.ts';
import { bodyOf, standingTasks, type StandingTask } from '../standing.ts';

/** What a retry would do. `fault` is the one that ended the execution, or that it is held with. */
export function retryPlan(
  execution: Execution,
  fault: HeldFrame | undefined,
  request: RetryRequest,
): RetryPlan {
  const { position, start } = execution;
  if (fault === undefined)
    return refused(operationRefusals.notHeld, 'The execution has not faulted; only what faulted is retried');
  if (position.compensation?.because !== undefined)
    return refused(operationRefusals.undone, 'What the execution did was undone; start a new one');
  const failed = failedTask(execution, fault);
  if (request.input !== undefined) {
    if (failed === undefined)
      return refused(
        operationRefusals.invalidInput,
        'No task failed, so there is no input to edit: the workflow itself did',
      );
    const reason = refusedInput(execution, failed, request.input);
    if (reason !== undefined) return refused(operationRefusals.invalidInput, reason);
  }
  const inPlace = position.held !== undefined;
  const resume = inPlace ? undefined : asJson(revived(execution, fault, request));
  const { startAt: _, ...again } = start;
  return {
    possible: true,
    error: fault.error,
    inPlace,
    ...(failed && {
      task: { reference: failed.reference, name: failed.name, input: request.input ?? failed.rawInput },
    }),
    ...(resume && { start: { ...again, resume } }),
  };
}

/**
 * The position from which a retry goes on: the failed task begins again, the branches that its fault cancelled go on where
 * they stood. The time since the fault does not count against timeouts.
 */
export function revived(execution: Execution, fault: HeldFrame, { input }: RetryRequest): Position {
  const { definition } = execution.start;
  const position = JSON.parse(JSON.stringify(execution.position)) as Position;
  delete position.held;
  // The next run shows that it goes on.
  delete position.shownStatus;
  const pausedMs = Date.now() - fault.at;
  const standing = standingTasks(definition, position);
  const through = new Set(fault.through);
  const failedSeq = failedTask({ start: execution.start, position }, fault)?.frame.seq;
  if (failedSeq === undefined) {
    delete position.deadline;
    position.timeoutFrom = Date.now();
  } else if (position.deadline !== undefined) position.deadline += pausedMs;
  for (const found of standing) {
    mend(found);
    if (found.frame.seq === failedSeq) begin(found, input);
    else if (through.has(found.frame.seq)) postpone(found, pausedMs);
  }
  return position;
}

/** The innermost task of the fault that still has a frame; undefined where the workflow itself faulted. */
function failedTask(
  { start, position }: Pick<Execution, 'start' | 'position'>,
  { through }: HeldFrame,
): StandingTask | undefined {
  const standing = standingTasks(start.definition, position);
  for (const seq of through) {
    const found = standing.find(({ frame }) => frame.seq === seq);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Why the task's schema refuses an input, if it does. */
function refusedInput(
  execution: Execution,
  { task, reference }: StandingTask,
  input: Json,
): string | undefined {
  try {
    validate(execution, task.input?.schema, input, 'input', reference);
    return undefined;
  } catch (error) {
    if (error instanceof WorkflowFault) return error.error.detail ?? error.message;
    throw error;
  }
}

/** Lets the failed task begin again: from nothing on other input, else with what it has done. */
function begin({ kind, frame }: StandingTask, edited: Json | undefined): void {
  delete frame.deadline;
  // Branches that left a race by their faults: the race is run again.
  if (kind === 'fork') for (const branch of bodyOf<'fork'>(frame).branches ?? []) delete branch.fault;
  if (edited !== undefined) {
    frame.edited = { input: edited, generation: (frame.edited?.generation ?? 0) + 1 };
    frame.body = {};
    delete frame.extensions;
  }
  if (Object.keys(frame.body).length === 0) delete frame.input;
}

/** Gives back what the fault took from the frame: what was cancelled is closed on the outside, and opens again. */
function mend({ kind, frame }: StandingTask): void {
  // Whoever held it had to let go.
  delete frame.lock;
  if (kind === 'listen') delete bodyOf<'listen'>(frame).early;
  if (kind === 'run') {
    const body = bodyOf<'run'>(frame);
    const { workflowId, runId } = body.child ?? {};
    if (workflowId !== undefined && runId !== undefined) body.child = { workflowId, retryOf: runId };
  }
}

/** Moves the timeouts around the failed task by the time for which nothing happened. */
function postpone({ kind, frame }: StandingTask, pausedMs: number): void {
  if (frame.deadline !== undefined) frame.deadline += pausedMs;
  if (kind !== 'try') return;
  const body = bodyOf<'try'>(frame);
  if (body.startedAt !== undefined) body.startedAt += pausedMs;
  if (body.attemptStartedAt !== undefined) body.attemptStartedAt += pausedMs;
}

function refused(
  refusal: (typeof operationRefusals)[keyof typeof operationRefusals],
  reason: string,
): RetryPlan {
  return { possible: false, refusal, reason };
}
