import { createInbox } from '../backends/events/inbox.ts';
import type { EventPublisher } from '../backends/events/port.ts';
import { createSubscriptions } from '../backends/events/subscriptions.ts';
import { createDefinitions } from '../backends/store/definitions.ts';
import type { Locks } from '../backends/locks/port.ts';
import type { Store } from '../backends/store/port.ts';
import { WorkflowFault } from '../dsl/errors.ts';
import type { CallRequest } from '../workflows/contract.ts';
import { createAsyncapiDocuments } from './asyncapi/asyncapi-documents.ts';
import { closeMessages } from './asyncapi/close-messages.ts';
import { createHeldSubscriptions } from './asyncapi/held-subscriptions.ts';
import type { HeldSubscriptions } from './asyncapi/held-subscriptions.ts';
import { publishMessage } from './asyncapi/publish-message.ts';
import { receiveMessages } from './asyncapi/receive-messages.ts';
import { createAgentCards } from './a2a/agent-card.ts';
import { callA2a } from './a2a/call-a2a.ts';
import { createTokens } from './authentication/tokens.ts';
import { accessStore } from './data/access-store.ts';
import { noBindings } from './data/bindings.ts';
import type { Bindings } from './data/bindings.ts';
import { queryDatabase } from './data/query-database.ts';
import { openSubscription } from './events/open-subscription.ts';
import { settleSubscription } from './events/settle-subscription.ts';
import { callGrpc } from './grpc/call-grpc.ts';
import type { GrpcSettings } from './grpc/grpc-settings.ts';
import { createProtos } from './grpc/protos.ts';
import { callHttp } from './http/call-http.ts';
import { callOpenapi } from './openapi/call-openapi.ts';
import type { CallEnvironment } from './http/exchange.ts';
import { asFailure } from './fault.ts';
import { withHeartbeat } from './heartbeat.ts';
import type { HttpSender } from '../network/http-sender.ts';
import type { Activities } from './index.ts';
import { loadDefinition } from './load-definition.ts';
import { noExecutions, type Executions } from './executions.ts';
import { acquireLock } from './locks/acquire-lock.ts';
import { keepLock } from './locks/keep-lock.ts';
import { noLocks } from './locks/no-locks.ts';
import { callMcp } from './mcp/call-mcp.ts';
import { createOpenapiDocuments } from './openapi/openapi-documents.ts';
import { publishEvent } from './publish-event.ts';
import { publishLifecycle } from './publish-lifecycle.ts';
import { runContainer } from './run/container/run-container.ts';
import type { Processes } from './run/process-environment.ts';
import { runScript } from './run/run-script.ts';
import { runShell } from './run/run-shell.ts';
import { createRedactor } from './secrets/redaction.ts';
import { openSecrets } from './secrets/secrets.ts';
import type { CallSecrets, SecretSource } from './secrets/secrets.ts';

/** What the activities use of a logger; pino's fits. */
export interface ActivityLogger {
  debug(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface ActivityDependencies {
  readonly store: Store;
  readonly events: EventPublisher;
  readonly secrets: SecretSource;
  readonly http: HttpSender;
  /** What runs scripts, shells and containers; without it they are all off. */
  readonly processes?: Processes;
  /** What definitions do not say about gRPC services; without it TLS is for port 443 alone. */
  readonly grpc?: GrpcSettings;
  /** The databases that definitions may use; without it there are none. */
  readonly bindings?: Bindings;
  /** The executions of this service; without it none can go on with a child of an earlier run. */
  readonly executions?: Executions;
  /** The lock system; without it tasks cannot hold locks. */
  readonly locks?: Locks;
  /** Subscriptions to messages that stay open between requests; made here when nobody else closes them. */
  readonly held?: HeldSubscriptions;
  readonly logger?: ActivityLogger;
}

/**
 * The activities that the engine calls. Each heartbeats while it runs, ends when it is cancelled, and throws a
 * definition's error as a non-retryable failure of type `perdure/fault`; nothing that it gives or throws holds a
 * secret. What is handed in stays the caller's to close.
 */
export function createActivities({
  store,
  events,
  secrets,
  http,
  bindings = noBindings,
  executions = noExecutions,
  locks = noLocks,
  processes,
  grpc = { tls: [] },
  held = createHeldSubscriptions(),
  logger,
}: ActivityDependencies): Activities {
  const definitions = createDefinitions(store);
  const documents = createOpenapiDocuments(http);
  const cards = createAgentCards(http);
  const protos = createProtos(http, grpc.protoFolder);
  const asyncapiDocuments = createAsyncapiDocuments(http);
  const tokens = createTokens(http);
  const inbox = createInbox(store);
  const subscriptions = createSubscriptions(store);

  const activity =
    <Request extends { readonly reference: string }, Result>(
      name: keyof Activities,
      run: (request: Request, signal: AbortSignal) => Promise<Result>,
    ): ((request: Request) => Promise<Result>) =>
    async (request) => {
      try {
        return await withHeartbeat((signal) => run(request, signal));
      } catch (error) {
        if (error instanceof WorkflowFault)
          logger?.debug({ activity: name, error: error.error }, 'task faulted');
        throw asFailure(error);
      }
    };

  const call =
    <Request extends CallRequest<object>, Result>(
      run: (request: Request, used: CallSecrets, environment: CallEnvironment) => Promise<Result>,
    ): ((request: Request, signal: AbortSignal) => Promise<Result>) =>
    async (request, signal) => {
      const used = openSecrets(secrets, request.secrets, request.reference);
      const redactor = createRedactor(Object.values(used.values));
      try {
        return await run(request, used, { http, tokens, redactor, signal });
      } catch (error) {
        throw redactor.error(error);
      }
    };

  return {
    callHttp: activity('callHttp', call(callHttp)),
    callOpenapi: activity(
      'callOpenapi',
      call((request, used, environment) => callOpenapi(request, used, documents, environment)),
    ),
    callGrpc: activity(
      'callGrpc',
      call((request, used, environment) => callGrpc(request, used, { protos, settings: grpc }, environment)),
    ),
    publishMessage: activity(
      'publishMessage',
      call((request, used, environment) => publishMessage(request, used, asyncapiDocuments, environment)),
    ),
    receiveMessages: activity(
      'receiveMessages',
      call((request, used, environment) =>
        receiveMessages(request, used, { documents: asyncapiDocuments, held }, environment),
      ),
    ),
    closeMessages: activity('closeMessages', (request) => closeMessages(request, held)),
    callA2a: activity(
      'callA2a',
      call((request, used, environment) => callA2a(request, used, cards, environment)),
    ),
    accessStore: activity('accessStore', (request, signal) => accessStore(request, bindings, signal)),
    queryDatabase: activity('queryDatabase', (request, signal) => queryDatabase(request, bindings, signal)),
    callMcp: activity(
      'callMcp',
      call((request, used, environment) => callMcp(request, used, processes, environment)),
    ),
    runScript: activity(
      'runScript',
      call((request, used, environment) => runScript(request, used, processes, environment)),
    ),
    runShell: activity(
      'runShell',
      call((request, used, environment) => runShell(request, used, processes, environment)),
    ),
    runContainer: activity(
      'runContainer',
      call((request, used, environment) => runContainer(request, used, processes, environment)),
    ),
    publishEvent: activity('publishEvent', (request) => publishEvent(request, events)),
    publishLifecycle: activity('publishLifecycle', (request, signal) =>
      publishLifecycle(request, events, signal, (error) =>
        logger?.warn({ err: error }, 'a lifecycle event was refused'),
      ),
    ),
    openSubscription: activity('openSubscription', (request) =>
      openSubscription(request, subscriptions, inbox),
    ),
    settleSubscription: activity('settleSubscription', (request) =>
      settleSubscription(request, subscriptions, inbox),
    ),
    yieldTurn: () => Promise.resolve(),
    loadDefinition: activity('loadDefinition', (request) => loadDefinition(request, definitions)),
    watchExecution: activity('watchExecution', (request, signal) => executions.watch(request, signal)),
    planChildRetry: activity('planChildRetry', (request) => executions.planRetry(request)),
    requestCancel: activity('requestCancel', ({ workflowId }) => executions.cancel(workflowId)),
    acquireLock: activity('acquireLock', (request, signal) =>
      acquireLock(request, { locks, executions }, signal),
    ),
    keepLock: (request) => keepLock(request, { locks, executions }),
    releaseLock: activity('releaseLock', ({ key, holder, token }) =>
      locks.release({ key, holder, ...(token === undefined ? {} : { token }) }),
    ),
  };
}
