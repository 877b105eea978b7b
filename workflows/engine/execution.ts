/** One execution while it runs: its start argument, its position, its pace and its log. */
import { uuid4, workflowInfo } from '@temporalio/workflow';
import { defaultExpressionLimits, type ExpressionLimits } from '../../dsl/expressions/index.ts';
import { asJson, type JsonObject } from '../../dsl/json.ts';
import { onFaultOf, type FaultReaction } from '../../dsl/on-fault.ts';
import { asWritten } from '../../dsl/resources.ts';
import type { WorkflowFault } from '../../dsl/errors.ts';
import type { ExecutionLimits, ExecutionStatus, StartArgument } from '../contract.ts';
import { runtimeVersion } from '../contract.ts';
import { createCancelledCalls, type CancelledCalls } from './cancelled-calls.ts';
import { dateTime } from './date-time.ts';
import { extensionsOf, type DefinedExtension } from './extensions.ts';
import { createLifecycle, type Lifecycle } from './lifecycle/lifecycle.ts';
import { createPacing, type Pacing } from './pacing.ts';
import type { Position } from './position.ts';
import { createSuspension } from './suspension.ts';
import { createTaskLog, type TaskLog } from './task-log.ts';

export interface Execution {
  readonly start: StartArgument;
  readonly position: Position;
  readonly pacing: Pacing;
  readonly log: TaskLog;
  readonly cancelledCalls: CancelledCalls;
  /** Absent where nobody wants lifecycle events. */
  readonly lifecycle: Lifecycle | undefined;
  readonly mode: 'strict' | 'loose';
  readonly expressionLimits: ExpressionLimits;
  /** Those that the tasks may be extended by, in their order; none for the tasks of extensions. */
  readonly extensions: readonly DefinedExtension[];
  /** What a fault that nothing catches does. */
  readonly onFault: FaultReaction | undefined;
  /** The last fault and the task runs that it went through, from the innermost outwards. */
  readonly fault: FaultTrace;
  /** Unless it has ended. */
  status(): Extract<ExecutionStatus, 'running' | 'waiting' | 'suspended' | 'faulted'>;
  /** `$workflow` and `$runtime`: the same for every expression of the execution. */
  readonly descriptors: JsonObject;
}

export interface FaultTrace {
  error?: WorkflowFault;
  through: number[];
}

/** Begins an execution, or takes it up where an earlier run left it. */
export function createExecution(start: StartArgument): Execution {
  const position = (start.resume as Position | undefined) ?? {
    seed: uuid4(),
    startedAt: workflowInfo().runStartTime.getTime(),
    seq: 0,
    context: null,
  };
  const pacing = createPacing(start.limits, createSuspension(position));
  const lifecycle = createLifecycle(start, position, pacing, () => log);
  const log = createTaskLog(start.limits.listedTasks, position.seq + 1, lifecycle?.moved);
  return {
    start,
    position,
    pacing,
    log,
    cancelledCalls: createCancelledCalls(),
    lifecycle,
    mode: start.definition.evaluate?.mode ?? 'strict',
    expressionLimits: recordedLimits(start.limits),
    extensions: extensionsOf(start.definition),
    onFault: onFaultOf(start.definition) ?? start.onFault,
    fault: { through: [] },
    status() {
      if (position.held !== undefined && position.compensation?.because === undefined) return 'faulted';
      return position.suspendedAt === undefined ? log.status() : 'suspended';
    },
    descriptors: {
      workflow: {
        id: workflowInfo().workflowId,
        definition: asJson(asWritten(start.definition)),
        input: start.input,
        startedAt: dateTime(position.startedAt),
      },
      runtime: { name: 'perdure', version: runtimeVersion, metadata: {} },
    },
  };
}

/** As release 0.1.0 recorded them: of the limits of expressions it knew one. */
type RecordedLimits = Partial<ExecutionLimits> & { readonly expressionSteps?: number };

/** Executions keep the limits of their start. One that began before a limit was made has its default. */
function recordedLimits({ expressions, expressionSteps }: RecordedLimits): ExpressionLimits {
  const { steps } = defaultExpressionLimits;
  return { ...defaultExpressionLimits, steps: expressionSteps ?? steps, ...expressions };
}
