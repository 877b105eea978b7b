import type { ActivityInterfaceFor } from '@temporalio/workflow';
import type { Activities } from '../../../activities/index.ts';
import type { Json, JsonObject } from '../../../dsl/json.ts';
import { standardFault } from '../../../dsl/errors.ts';
import { calledFunction } from '../../../dsl/resources.ts';
import type { AsyncapiSubscription, CallTask } from '../../../dsl/types.ts';
import { subscribe } from '../asyncapi/subscribe.ts';
import type { CallKind, CallKinds, CallRequest } from '../../contract.ts';
import { callActivity } from '../call-activity.ts';
import { deferSecrets } from '../deferred.ts';
import { idempotencyKey } from '../idempotency-key.ts';
import { withNamedAuthentication } from '../named-authentication.ts';
import type { Outcome, Run, Runner } from '../runner.ts';
import { callFunction } from './call-function.ts';

/** Runs a function, or calls a service through an activity. Open Workflow DSL, "Call". */
export const runCall: Runner<'call'> = (task, input, run) => {
  const { call: kind } = task;
  if (isCallKind(kind)) return callService(kind, task, input, run);
  const called = calledFunction(kind, run.execution.start.definition);
  if (called !== undefined) return callFunction(called, input, run);
  throw standardFault('configuration', run.reference, `call: ${kind} is not run yet`);
};

async function callService(kind: CallKind, task: CallTask, input: Json, run: Run<'call'>): Promise<Outcome> {
  const written = withNamedAuthentication(task.with ?? {}, run);
  const { subscription, ...args } = written;
  const isSubscription = kind === 'asyncapi' && subscription !== undefined;
  // The expressions of a subscription are asked about each message.
  const values = deferSecrets(isSubscription ? args : written, input, run);
  const request = {
    ...values,
    reference: run.reference,
    idempotencyKey: idempotencyKey(run.execution.position.seed, run.path),
    secrets: run.execution.start.definition.use?.secrets ?? [],
    timeoutMs: run.execution.start.limits.callTimeoutMs,
    maxResponseBytes: run.execution.start.limits.payloadBytes,
    ...(task.metadata?.idempotent === true ? { idempotent: true } : {}),
  };
  // Checked at deploy, like all arguments.
  if (isSubscription) return subscribe(subscription as object as AsyncapiSubscription, request, input, run);
  return { output: await send(kind, request, run) };
}

type Calls = ActivityInterfaceFor<Activities>;

/** The activity of each kind of call. */
const calls: {
  readonly [K in CallKind]: (activities: Calls, request: CallRequest<CallKinds[K]>) => Promise<Json>;
} = {
  http: (activities, request) => activities.callHttp(request),
  openapi: (activities, request) => activities.callOpenapi(request),
  grpc: (activities, request) => activities.callGrpc(request),
  mcp: (activities, request) => activities.callMcp(request),
  a2a: (activities, request) => activities.callA2a(request),
  asyncapi: (activities, request) => activities.publishMessage(request),
  'perdure:store': (activities, request) => activities.accessStore(request),
  'perdure:sql': (activities, request) => activities.queryDatabase(request),
};

function isCallKind(name: string): name is CallKind {
  return Object.hasOwn(calls, name);
}

function send<K extends CallKind>(
  kind: K,
  request: CallRequest<JsonObject>,
  run: Run<'call'>,
): Promise<Json> {
  // The arguments were checked at deploy; what expressions put into them the activity checks again.
  const checked = { ...request, with: request.with as object as CallKinds[K] };
  return callActivity(run, checked, calls[kind]);
}
