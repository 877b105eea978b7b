/**
 * What the rooms around the workflows may know of them: names, payload shapes and input schemas. Imports only `dsl/`,
 * so that the API and the workers can import it without pulling in workflow code.
 */
import type { Json, JsonObject } from '../dsl/json.ts';
import type { Definition, HttpArguments, OpenapiArguments } from '../dsl/types.ts';
import type { WorkflowError } from '../dsl/errors.ts';

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
export const memoKeys = { requestDigest: 'perdureRequestDigest', workflow: 'perdureWorkflow' } as const;

/** The Temporal workflow type of a definition: what the Web UI lists. Names of TypeScript workflows have no dot. */
export function definitionWorkflowType(namespace: string, name: string): string {
  return `${namespace}.${name}`;
}

/** Sizes and counts that hold for one execution, recorded at its start so that replays agree. */
export interface ExecutionLimits {
  /** Largest JSON of one payload: input, call request, call response, output, in bytes. */
  readonly payloadBytes: number;
  /** Steps of expressions in one evaluation. */
  readonly expressionSteps: number;
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
  expressionSteps: 1_000_000,
  tasksPerYield: 1_000,
  callTimeoutMs: 60_000,
  listedTasks: 500,
  historyEvents: 4_000,
};

/** The one argument of the interpreter. `perdure: 1` marks it: the interpreter takes any unknown workflow type. */
export interface StartArgument {
  readonly perdure: 1;
  /** `namespace.name`, equal to the Temporal workflow type. */
  readonly type: string;
  readonly definition: Definition;
  readonly input: Json;
  readonly limits: ExecutionLimits;
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
}

/** The answer of the status query. */
export interface StatusReport {
  readonly status: ExecutionStatus;
  readonly workflow: { readonly namespace: string; readonly name: string; readonly version: string };
  readonly tasks: readonly TaskRun[];
  /** Task runs that ended and are no longer listed. */
  readonly omittedTasks: number;
  readonly error?: WorkflowError;
}

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
}

export type HttpCallRequest = CallRequest<HttpArguments>;
export type OpenapiCallRequest = CallRequest<OpenapiArguments>;

/** A CloudEvent 1.0 in JSON. */
export interface CloudEvent extends JsonObject {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
}

export interface PublishEventRequest {
  readonly reference: string;
  readonly event: CloudEvent;
}

export interface LoadDefinitionRequest {
  readonly reference: string;
  readonly namespace: string;
  readonly name: string;
  /** A version, or `latest`. */
  readonly version: string;
}

/** Activity failures that the definition sees carry this type and the {@link WorkflowError} as their one detail. */
export const faultFailureType = 'perdure/fault';

/** What the API tells of a workflow written in TypeScript, and checks its input against (JSON Schema 2020-12). */
export interface TypescriptWorkflow {
  readonly title: string;
  readonly summary: string;
  readonly inputSchema: JsonObject;
}

/** Names of the order saga: its workflow type and its query. */
export const orderSagaNames = { workflow: 'orderSaga', progressQuery: 'progress' } as const;

export interface OrderSagaInput {
  readonly orderId: string;
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
  readonly payment: { readonly amount: number; readonly currency: string; readonly card: string };
  readonly shipTo: { readonly name: string; readonly city: string; readonly country: string };
}

/** Names of the approval. Signal and update share a name: Temporal keeps the two apart, and people need only one. */
export const approvalNames = {
  workflow: 'approval',
  decideSignal: 'decide',
  decideUpdate: 'decide',
  stateQuery: 'state',
} as const;

export interface ApprovalInput {
  readonly subject: string;
  readonly requestedBy: string;
  readonly approvers: readonly string[];
  /** Approvals that are needed, 1 unless told; one rejection rejects. */
  readonly needed?: number;
  readonly deadlineSeconds: number;
  readonly remindEverySeconds: number;
}

/** Argument of the signal and of the update `decide`. A signal that repeats an `id` counts once. */
export interface ApprovalDecision {
  readonly id: string;
  readonly who: string;
  readonly verdict: 'approve' | 'reject';
  readonly comment?: string;
}

const text: JsonObject = { type: 'string', minLength: 1, maxLength: 200 };
const seconds: JsonObject = { type: 'integer', minimum: 1, maximum: 31_536_000 };

function closedObject(properties: JsonObject, optional: readonly string[] = []): JsonObject {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required, additionalProperties: false };
}

/** The TypeScript workflows that can be started, by workflow type. No name contains a dot. */
export const typescriptWorkflows: Readonly<Record<string, TypescriptWorkflow>> = {
  [orderSagaNames.workflow]: {
    title: 'Order saga',
    summary:
      'Reserves stock, charges the payment and creates the shipment; undoes what was done if a step fails.',
    inputSchema: closedObject({
      orderId: text,
      items: {
        type: 'array',
        minItems: 1,
        maxItems: 100,
        items: closedObject({ sku: text, quantity: { type: 'integer', minimum: 1, maximum: 1_000 } }),
      },
      payment: closedObject({
        amount: { type: 'number', exclusiveMinimum: 0 },
        currency: { type: 'string', pattern: '^[A-Z]{3}$' },
        card: text,
      }),
      shipTo: closedObject({ name: text, city: text, country: { type: 'string', pattern: '^[A-Z]{2}$' } }),
    }),
  },
  [approvalNames.workflow]: {
    title: 'Approval',
    summary: 'Waits for decisions by signal or update, reminds the approvers, and expires at its deadline.',
    inputSchema: closedObject(
      {
        subject: text,
        requestedBy: text,
        approvers: { type: 'array', minItems: 1, maxItems: 50, uniqueItems: true, items: text },
        needed: { type: 'integer', minimum: 1, maximum: 50 },
        deadlineSeconds: seconds,
        remindEverySeconds: seconds,
      },
      ['needed'],
    ),
  },
};
