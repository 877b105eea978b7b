/** What the engine and the activities say to each other. */
import type { ExpressionLimits } from '../../dsl/expressions/limits.ts';
import type { CloudEvent } from '../../dsl/events/cloud-event.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';
import type { WorkflowError } from '../../dsl/errors.ts';
import type { CallArguments } from '../../dsl/types.ts';
import type { StartArgument } from '../contract.ts';

/**
 * A value whose expressions name `$secrets` or `$authorization`: they are evaluated in the activity, so that no secret
 * enters the history. `deferred` maps a JSON Pointer into `value` to the text that stands there.
 */
export interface DeferredValues {
  readonly deferred: Readonly<Record<string, string>>;
  /** What the expressions see. Absent when nothing is deferred. */
  readonly scope?: {
    /** The task's raw input. */
    readonly rawInput: Json;
    /** The task's `input.from`, where it too names a secret; else `input` holds its result. */
    readonly inputFrom?: Json;
    readonly input?: Json;
    /** Every other argument: context, task, workflow, runtime, and variables of for and catch. */
    readonly variables: JsonObject;
    readonly mode: 'strict' | 'loose';
    /** Those of the execution; absent in requests from before they were sent. */
    readonly limits?: ExpressionLimits;
  };
}

/** What every call activity gets. */
export interface CallRequest<Arguments> extends DeferredValues {
  /** JSON Pointer of the task, the `instance` of its errors. */
  readonly reference: string;
  /** The arguments with every expression but the deferred ones evaluated. */
  readonly with: Arguments;
  /** Sent as `Idempotency-Key`: the same for every attempt of this call. */
  readonly idempotencyKey: string;
  /** Names of the secrets that the definition may read. */
  readonly secrets: readonly string[];
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  /** Whether the task's `metadata.idempotent` says that the call may come twice without harm. */
  readonly idempotent?: boolean;
}

/** The kinds of call that an activity makes, and the `with` of each. */
export type CallKinds = CallArguments;
export type CallKind = keyof CallKinds;

export type HttpCallRequest = CallRequest<CallKinds['http']>;
export type OpenapiCallRequest = CallRequest<CallKinds['openapi']>;
export type AsyncapiCallRequest = CallRequest<CallKinds['asyncapi']>;

export type { CloudEvent };

export interface PublishEventRequest {
  readonly reference: string;
  readonly event: CloudEvent;
}

/** Lifecycle events of one execution, in order. */
export interface PublishLifecycleRequest {
  readonly reference: string;
  readonly events: readonly CloudEvent[];
}

export interface LoadDefinitionRequest {
  readonly reference: string;
  readonly namespace: string;
  readonly name: string;
  /** A version, or `latest`. */
  readonly version: string;
}

/** A run of an execution, and all that it continues as. */
export interface ExecutionRequest {
  readonly reference: string;
  readonly workflowId: string;
  readonly runId: string;
}

/** How an execution ended; `running` where it has not. */
export type ExecutionEnd =
  | { readonly status: 'running' }
  | { readonly status: 'completed'; readonly output: Json }
  /** `error` is absent where it failed in another way than by a fault of its definition. */
  | { readonly status: 'faulted'; readonly error?: WorkflowError; readonly message: string }
  | { readonly status: 'cancelled'; readonly message: string };

/** How a child is run again: as what it was, or from its beginning where it cannot go on; unless it goes on anyway. */
export type ChildRetry =
  | { readonly status: 'running'; readonly runId: string }
  | Extract<ExecutionEnd, { readonly status: 'completed' }>
  | { readonly status: 'ended'; readonly start?: StartArgument };

export interface RequestCancelRequest {
  readonly reference: string;
  readonly workflowId: string;
}

/** Activity failures that the definition sees carry this type and the {@link WorkflowError} as their one detail. */
export const faultFailureType = 'perdure/fault';
