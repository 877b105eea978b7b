import {
  ActivityCancellationType,
  ActivityFailure,
  ApplicationFailure,
  proxyActivities,
  TimeoutFailure,
  type ActivityInterfaceFor,
  type ActivityOptions,
} from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import { standardFault, WorkflowFault, type WorkflowError } from '../../dsl/errors.ts';
import { asJson, jsonSize } from '../../dsl/json.ts';
import { faultFailureType } from '../contract.ts';
import { activityTimeouts } from './activity-timeouts.ts';
import { activityId, summary } from './names.ts';
import type { RunnableKind } from './position.ts';
import type { Run } from './runner.ts';
import { showStatus } from './show-status.ts';

/** What a call needs of its task's run. */
type CallingRun = Pick<Run<RunnableKind>, 'execution' | 'record' | 'reference' | 'name'>;

interface CallOptions {
  /** What one attempt may take; that of a call unless told. */
  readonly timeoutMs?: number;
  /** The task counts as waiting meanwhile. */
  readonly waits?: boolean;
  /** When to give up, all attempts counted, in milliseconds since the epoch; never unless told. */
  readonly untilMs?: number;
  /** A cancelled activity is never waited for: it does nothing but look. */
  readonly looksOnly?: boolean;
  /** A cancellation comes back once the activity has ended. */
  readonly endsFirst?: boolean;
  /** How often it gives a sign of life at least, and with that hears of a cancellation. */
  readonly heartbeatMs?: number;
}

/**
 * Runs an activity for a task. Its faults are the definition's; whatever else goes wrong (a worker died, a heartbeat was
 * lost) Temporal retries until the task's timeout cancels it. Design decision 5.
 */
export async function callActivity<Request extends object, Result>(
  run: CallingRun,
  request: Request,
  call: (activities: ActivityInterfaceFor<Activities>, request: Request) => Promise<Result>,
  options: CallOptions = {},
): Promise<Result> {
  const { limits } = run.execution.start;
  const { timeoutMs = limits.callTimeoutMs, waits = false, looksOnly = false, endsFirst = false } = options;
  const size = jsonSize(asJson(request));
  if (size > limits.payloadBytes) {
    throw standardFault(
      'runtime',
      run.reference,
      `The request of ${run.name} has ${size} bytes, more than limits.payloadBytes allows (${limits.payloadBytes})`,
    );
  }
  await run.execution.pacing.admit(size);
  // Where nothing is undone or retried in place nobody has to know when a cancelled call has ended.
  const { position, onFault } = run.execution;
  const undoes = position.compensation !== undefined || onFault === 'hold';
  const waitsForEnd = endsFirst || (!looksOnly && undoes);
  const cancellationType =
    ActivityCancellationType[waitsForEnd ? 'WAIT_CANCELLATION_COMPLETED' : 'TRY_CANCEL'];
  const activities = proxyActivities<Activities>({
    activityId: activityId(run.record.seq, run.reference),
    summary: summary(run.name),
    ...activityTimeouts(timeoutMs),
    ...limitsOf(options),
    cancellationType,
  });
  const { log } = run.execution;
  if (waits) log.waiting(run.record, true);
  else log.working(1);
  showStatus(run.execution, waits ? timeoutMs : 0);
  try {
    const called = call(activities, request);
    return await (waitsForEnd && !endsFirst ? run.execution.cancelledCalls.orCancelled(called) : called);
  } catch (error) {
    throw faultOf(error, run.reference);
  } finally {
    if (waits) log.waiting(run.record, false);
    else log.working(-1);
  }
}

function limitsOf({ untilMs, heartbeatMs }: CallOptions): Partial<ActivityOptions> {
  return {
    ...(untilMs !== undefined && { scheduleToCloseTimeout: Math.max(1, untilMs - Date.now()) }),
    ...(heartbeatMs !== undefined && { heartbeatTimeout: heartbeatMs }),
  };
}

/** The fault that an activity or a child workflow reports; anything else comes back as it is. */
function faultOf(error: unknown, reference: string): unknown {
  if (!(error instanceof ActivityFailure)) return error;
  const { cause } = error;
  if (cause instanceof ApplicationFailure) {
    const [detail] = cause.details ?? [];
    if (cause.type === faultFailureType && detail !== undefined)
      return new WorkflowFault(detail as WorkflowError);
    return standardFault('runtime', reference, cause.message);
  }
  if (cause instanceof TimeoutFailure) return standardFault('timeout', reference, cause.message);
  return error;
}
