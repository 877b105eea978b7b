import { ApplicationFailure } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { openMemoryEvents } from '../backends/events/memory.ts';
import type { MemoryEvents } from '../backends/events/memory.ts';
import type { Store } from '../backends/store/port.ts';
import { openSqliteStore } from '../backends/store/sqlite.ts';
import type { WorkflowError } from '../dsl/errors.ts';
import type { Json } from '../dsl/json.ts';
import type {
  A2aArguments,
  AsyncapiArguments,
  GrpcArguments,
  HttpArguments,
  McpArguments,
  OpenapiArguments,
} from '../dsl/types.ts';
import { faultFailureType } from '../workflows/contract.ts';
import type { CallRequest } from '../workflows/contract.ts';
import { createActivities } from './create.ts';
import type { ActivityDependencies } from './create.ts';
import { createHttpSender } from '../network/http-sender.ts';
import type { Activities } from './index.ts';

type Options = Partial<Omit<CallRequest<object>, 'with'>>;

/** The activities as a worker runs them, with their real sender, store and events, for tests. */
export interface CallsUnderTest {
  readonly activities: Activities;
  readonly events: MemoryEvents;
  readonly store: Store;
  readonly environment: MockActivityEnvironment;
  /** What the activities wrote to their logger. */
  readonly logged: readonly object[];
  http(args: HttpArguments, options?: Options): Promise<Json>;
  openapi(args: OpenapiArguments, options?: Options): Promise<Json>;
  grpc(args: GrpcArguments, options?: Options): Promise<Json>;
  mcp(args: McpArguments, options?: Options): Promise<Json>;
  /** Publishes by `call: asyncapi`. */
  publish(args: AsyncapiArguments, options?: Options): Promise<Json>;
  a2a(args: A2aArguments, options?: Options): Promise<Json>;
  close(): Promise<void>;
}

export async function openCalls(
  allow: readonly string[],
  secrets: Readonly<Record<string, Json>> = {},
  further: Partial<ActivityDependencies> = {},
): Promise<CallsUnderTest> {
  const http = createHttpSender({ allow, maxRedirects: 3 });
  const events = openMemoryEvents();
  const store = await openSqliteStore(':memory:');
  const logged: object[] = [];
  const logger = { warn: () => undefined, debug: (fields: object) => logged.push(fields) };
  const source = { read: (name: string) => secrets[name] };
  const activities = createActivities({ store, events, secrets: source, http, logger, ...further });
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  const requestOf = <Arguments extends object>(
    args: Arguments,
    options: Options,
  ): CallRequest<Arguments> => ({
    reference: '/do/0/call',
    with: args,
    idempotencyKey: 'key-1',
    secrets: Object.keys(secrets),
    deferred: {},
    timeoutMs: 5_000,
    maxResponseBytes: 100_000,
    ...options,
  });
  return {
    activities,
    events,
    store,
    environment,
    logged,
    http: (args, options = {}) =>
      environment.run((request) => activities.callHttp(request), requestOf(args, options)),
    openapi: (args, options = {}) =>
      environment.run((request) => activities.callOpenapi(request), requestOf(args, options)),
    grpc: (args, options = {}) =>
      environment.run((request) => activities.callGrpc(request), requestOf(args, options)),
    a2a: (args, options = {}) =>
      environment.run((request) => activities.callA2a(request), requestOf(args, options)),
    mcp: (args, options = {}) =>
      environment.run((request) => activities.callMcp(request), requestOf(args, options)),
    publish: (args, options = {}) =>
      environment.run((request) => activities.publishMessage(request), requestOf(args, options)),
    close: async () => {
      await http.close();
      await store.close();
    },
  };
}

/** The definition's error that a call ends in, as the engine would read it out of the failure. */
export async function faultOf(call: Promise<unknown>): Promise<WorkflowError> {
  const outcome: unknown = await call.then(
    (value) => new Error(`the call gave ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  if (!(outcome instanceof ApplicationFailure) || outcome.type !== faultFailureType) throw outcome;
  expect(outcome.nonRetryable).toBe(true);
  return outcome.details?.[0] as WorkflowError;
}
