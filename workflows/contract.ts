/**
 * What the rooms around the workflows may know of them: names, payload shapes and input schemas. Imports only `dsl/`,
 * so that the API and the workers can import it without pulling in workflow code.
 */
import { defaultExpressionLimits, type ExpressionLimits } from '../dsl/expressions/limits.ts';
import type { Json, JsonObject } from '../dsl/json.ts';
import type { Definition } from '../dsl/types.ts';
import type { WorkflowError } from '../dsl/errors.ts';
import type { LifecycleKind } from './contract/lifecycle.ts';
import type { ChildRun, CompensationRun, MigrationReport, StartAt } from './contract/operations.ts';

export { faultFailureType } from './contract/activities.ts';
export type {
  CallKind,
  CallKinds,
  DeferredValues,
  CallRequest,
  AsyncapiCallRequest,
  HttpCallRequest,
  OpenapiCallRequest,
  CloudEvent,
  PublishEventRequest,
  PublishLifecycleRequest,
  LoadDefinitionRequest,
  ChildRetry,
  ExecutionEnd,
  ExecutionRequest,
  RequestCancelRequest,
} from './contract/activities.ts';
export type {
  AsyncapiInboundMessage,
  CloseMessagesRequest,
  ReceivedMessages,
  ReceiveMessagesRequest,
} from './contract/asyncapi.ts';
export { detachedProcessType } from './contract/processes.ts';
export type { DetachedProcess, ProcessKind, ProcessRequest } from './contract/processes.ts';
export { eventSignal, eventTriggerType } from './contract/events.ts';
export type {
  DeliveredEvent,
  EarlyEvents,
  EventTriggerArgument,
  OpenSubscriptionRequest,
  SettleSubscriptionRequest,
  Subscription,
} from './contract/events.ts';
export {
  isLifecycleType,
  lifecycleKinds,
  lifecycleKindsLike,
  lifecycleKindsOf,
  lifecycleType,
} from './contract/lifecycle.ts';
export type { LifecycleKind } from './contract/lifecycle.ts';
export {
  executionOfHolder,
  lockFailureTypes,
  lockHeartbeatMs,
  lockHolder,
  lockMessages,
  lockWorkflowId,
  lockWorkflowType,
} from './contract/locks.ts';
export type {
  AcquiredLock,
  AcquireLockRequest,
  KeepLockRequest,
  KeptLock,
  LockAnswer,
  LockClaim,
  LockRecord,
  LockRelease,
  LockRenewal,
  LockWaiter,
  ReleaseLockRequest,
} from './contract/locks.ts';
export { operationQueries, operationRefusals, operationUpdates } from './contract/operations.ts';
export type {
  ChildRun,
  CompensationRun,
  MigrateRequest,
  MigrationObstacle,
  MigrationPlan,
  MigrationReport,
  OperationAnswer,
  PrepareCancelRequest,
  RetryPlan,
  RetryRequest,
  StartAt,
  TaskPage,
  TasksRequest,
} from './contract/operations.ts';
export { afterCompletionType } from './contract/schedules.ts';
export type { AfterCompletionArgument } from './contract/schedules.ts';
export { orderSagaNames, approvalNames, typescriptWorkflows } from './contract/typescript-workflows.ts';
export type { OrderSagaInput, ApprovalInput, ApprovalDecision } from './contract/typescript-workflows.ts';

/** Temporal namespace and task queue that Perdure makes and uses unless configured otherwise. */
export const defaultNamespace = 'perdure';
export const defaultTaskQueue = 'perdure';

/** The version of the runtime, as `$runtime.version` and the API tell it. */
export const runtimeVersion = '0.1.0';

/** Search attributes: few, since SQL visibility stores allow 10 keywords in a namespace. All are keywords. */
export const searchAttributes = {
  namespace: 'PerdureNamespace',
  definition: 'PerdureDefinition',
  version: 'PerdureVersion',
  status: 'PerdureStatus',
  errorType: 'PerdureErrorType',
} as const;

/** Names of the queries, signals and memo fields that the API and the interpreter share. */
export const statusQuery = 'perdure-status';
export const memoKeys = {
  requestDigest: 'perdureRequestDigest',
  workflow: 'perdureWorkflow',
  /** The run that faulted, where this one is its retry. */
  retryOf: 'perdureRetryOf',
  /** What asked for that retry, as the API recognises a repeat; private to the API. */
  retryRequest: 'perdureRetryRequest',
  /** The id of the execution that started this one and waits for it. */
  awaitedBy: 'perdureAwaitedBy',
} as const;

/** The Temporal workflow type of a definition: what the Web UI lists. Names of TypeScript workflows have no dot. */
export function definitionWorkflowType(namespace: string, name: string): string {
  return `${namespace}.${name}`;
}

/** Sizes and counts that hold for one execution, recorded at its start so that replays agree. */
export interface ExecutionLimits {
  /** Largest JSON of one payload: input, call request, call response, output, in bytes. */
  readonly payloadBytes: number;
  /** What one evaluation of an expression may use. */
  readonly expressions: ExpressionLimits;
  /** Tasks that one workflow task (Temporal's) runs before the engine yields. */
  readonly tasksPerYield: number;
  /** How long one call may take when its task sets no timeout, in milliseconds. */
  readonly callTimeoutMs: number;
  /** Task runs that the status lists; older ones are counted. */
  readonly listedTasks: number;
  /** Events of one run's history after which the execution continues as new. */
  readonly historyEvents: number;
}

/** Largest start argument: below the 2 MiB over which a payload fails its workflow, with room for what Temporal adds. */
export const maxArgumentBytes = 1_990_000;

export const defaultLimits: ExecutionLimits = {
  payloadBytes: 1_500_000,
  expressions: defaultExpressionLimits,
  tasksPerYield: 1_000,
  callTimeoutMs: 60_000,
  listedTasks: 500,
  historyEvents: 4_000,
};

/** Settings that an execution keeps as they were at its start, so that replays agree. Its children have the same. */
export interface RecordedSettings {
  readonly limits: ExecutionLimits;
  /** The lifecycle events to publish; none when absent. */
  readonly lifecycle?: readonly LifecycleKind[];
}

/** The one argument of the interpreter. `perdure: 1` marks it: the interpreter takes any unknown workflow type. */
export interface StartArgument extends RecordedSettings {
  readonly perdure: 1;
  /** `namespace.name`, equal to the Temporal workflow type. */
  readonly type: string;
  readonly definition: Definition;
  readonly input: Json;
  /** Begins at this task instead of the first; only in the first run. */
  readonly startAt?: StartAt;
  /** `hold`: the execution stays open when it faults. Children have their parent's unless their document says otherwise. */
  readonly onFault?: 'hold' | 'fail';
  /** Present only when an earlier run continued as new; private to the engine. */
  readonly resume?: JsonObject;
}

export const executionStatuses = [
  'pending',
  'running',
  'waiting',
  'suspended',
  'cancelled',
  'faulted',
  'completed',
] as const;
export type ExecutionStatus = (typeof executionStatuses)[number];

/** One run of one task, as the status query and the API list it. */
export interface TaskRun {
  /** Number of the task run in its execution, from 1; goes on through continue-as-new. */
  readonly seq: number;
  /** JSON Pointer into the definition, for example `/do/0/reserve`. */
  readonly reference: string;
  readonly name: string;
  readonly status: 'running' | 'waiting' | 'completed' | 'faulted' | 'cancelled' | 'skipped';
  /** 1 for the first try; grows with each retry of an enclosing `try`. */
  readonly attempt: number;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly endedAt?: string;
  /** Raw input and output where they are known and small (1 KiB of JSON each). */
  readonly input?: Json;
  readonly output?: Json;
  /** Iterations of a `for` that have ended; their task runs are not listed. */
  readonly iterations?: number;
}

/** The answer of the status query. */
export interface StatusReport {
  readonly status: ExecutionStatus;
  readonly workflow: { readonly namespace: string; readonly name: string; readonly version: string };
  readonly tasks: readonly TaskRun[];
  /** Task runs that ended and are no longer listed. */
  readonly omittedTasks: number;
  readonly error?: WorkflowError;
  /** True where the execution faulted and stays open until somebody retries or cancels it. */
  readonly held?: boolean;
  /** ISO 8601; present while suspended. */
  readonly suspendedAt?: string;
  readonly migration?: MigrationReport;
  /** Tasks that can be, are being or were undone, in the order in which that is done. At most 200 are listed. */
  readonly compensations?: readonly CompensationRun[];
  readonly omittedCompensations?: number;
  readonly children?: readonly ChildRun[];
}
