/**
 * Children that outlive the run that started them. Continue-as-new leaves a child at work, under an id that its task keeps
 * in the frame, and the next run watches it through an activity. Design decision 3.
 */
import {
  ApplicationFailure,
  CancellationScope,
  ChildWorkflowFailure,
  getExternalWorkflowHandle,
  isCancellation,
  ParentClosePolicy,
  startChild,
  type ChildWorkflowOptions,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { standardFault, WorkflowFault, type WorkflowError } from '../../dsl/errors.ts';
import { asJson, jsonSize, type Json } from '../../dsl/json.ts';
import type { ExecutionEnd } from '../contract.ts';
import { callActivity } from './call-activity.ts';
import { askOrStop, orStop } from './or-stop.ts';
import type { Run } from './runner.ts';
import { showStatus } from './show-status.ts';

/** What to start. */
export interface Child {
  readonly type: string;
  readonly options: ChildWorkflowOptions & { readonly workflowId: string; readonly args: unknown[] };
}

// An activity that watches asks again after so long: who waits for a barrier must not wait for it.
const watchMs = 5 * 60_000;

/**
 * Starts a child and gives its output, or takes up the one that an earlier run started; `child` is asked only where none
 * is at work. A child's fault is the task's. A cancellation goes on to the child and is over when the child has ended.
 */
export async function awaitChild(run: Run<'run'>, child: () => Promise<Child>): Promise<Json> {
  const { frame, execution } = run;
  const { workflowId, runId } = frame.child ?? {};
  if (workflowId !== undefined && runId !== undefined) return watch(run, { workflowId, runId });
  const { type, options } = await child();
  await execution.pacing.admit(jsonSize(asJson(options.args)));
  execution.log.working(1);
  showStatus(execution);
  try {
    const handle = await startChild(type, { ...options, parentClosePolicy: ParentClosePolicy.ABANDON });
    frame.child = { workflowId: options.workflowId, runId: handle.firstExecutionRunId };
    // A workflow that gives nothing gives no payload.
    return (await orStop<Json | undefined>(execution, handle.result())) ?? null;
  } catch (error) {
    throw faultOf(error, run.reference);
  } finally {
    execution.log.working(-1);
  }
}

/** A child that is at work, by its id and its first run. */
interface RunningChild {
  readonly workflowId: string;
  readonly runId: string;
}

/** Waits for a child that another run started. */
async function watch(run: Run<'run'>, child: RunningChild): Promise<Json> {
  try {
    for (;;) {
      const turn = run.execution.pacing.boundary();
      if (turn !== undefined) await turn;
      const end = await askOrStop(run.execution, () => look(run, child, run.reference));
      if (end.status !== 'running') return outputOf(end, run.reference);
    }
  } catch (error) {
    if (isCancellation(error)) await CancellationScope.nonCancellable(() => cancelAndWait(run, child));
    throw error;
  }
}

/** How the child ended, or that it has not for five minutes. */
function look(
  { execution, record, name }: Run<'run'>,
  child: RunningChild,
  reference: string,
): Promise<ExecutionEnd> {
  return callActivity(
    { execution, record, name, reference },
    { reference, ...child },
    (activities, request) => activities.watchExecution(request),
    { timeoutMs: watchMs + execution.start.limits.callTimeoutMs, looksOnly: true },
  );
}

async function cancelAndWait(run: Run<'run'>, child: RunningChild): Promise<void> {
  // One that has ended meanwhile is not found.
  await getExternalWorkflowHandle(child.workflowId)
    .cancel()
    .catch(() => undefined);
  // A reference of its own: the activity that watched before still has the task's as its id.
  const reference = `${run.reference}/run`;
  while ((await look(run, child, reference)).status === 'running');
}

function outputOf(end: Exclude<ExecutionEnd, { status: 'running' }>, reference: string): Json {
  if (end.status === 'completed') return end.output;
  if (end.status === 'faulted' && end.error !== undefined)
    throw new WorkflowFault({ ...end.error, instance: reference });
  throw standardFault('runtime', reference, `The child did not complete: ${end.message}`);
}

/** A child's own fault is the task's, and so is a child that somebody ended from outside. */
function faultOf(error: unknown, reference: string): unknown {
  if (error instanceof WorkflowExecutionAlreadyStartedError) {
    return standardFault('runtime', reference, `The child ${error.workflowId} is at work already`);
  }
  // A cancellation of the task itself comes back as the child's, and has to pass through.
  if (!(error instanceof ChildWorkflowFailure) || CancellationScope.current().consideredCancelled)
    return error;
  const { cause } = error;
  if (!(cause instanceof ApplicationFailure)) {
    const detail = `The child did not complete: ${cause?.message ?? error.message}`;
    return standardFault('runtime', reference, detail);
  }
  const [detail] = cause.details ?? [];
  if (detail !== undefined) return new WorkflowFault({ ...(detail as WorkflowError), instance: reference });
  return standardFault('runtime', reference, cause.message);
}
