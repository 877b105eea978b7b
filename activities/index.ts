import type { Json } from '../dsl/json.ts';
import type {
  A2aArguments,
  Definition,
  GrpcArguments,
  McpArguments,
  SqlArguments,
  StoreArguments,
} from '../dsl/types.ts';
import type {
  AcquiredLock,
  AcquireLockRequest,
  AsyncapiCallRequest,
  CallRequest,
  ChildRetry,
  CloseMessagesRequest,
  ReceivedMessages,
  ReceiveMessagesRequest,
  HttpCallRequest,
  EarlyEvents,
  ExecutionEnd,
  ExecutionRequest,
  KeepLockRequest,
  KeptLock,
  LoadDefinitionRequest,
  OpenSubscriptionRequest,
  SettleSubscriptionRequest,
  OpenapiCallRequest,
  ProcessRequest,
  PublishEventRequest,
  PublishLifecycleRequest,
  ReleaseLockRequest,
  RequestCancelRequest,
} from '../workflows/contract.ts';

/** Every activity that the engine calls. All are safe to repeat: Temporal runs them at least once. */
export interface Activities {
  /** Sends one HTTP request and gives its `output` form: content, raw (base64) or response. */
  callHttp(request: HttpCallRequest): Promise<Json>;
  /** Sends the request that an OpenAPI operation describes. */
  callOpenapi(request: OpenapiCallRequest): Promise<Json>;
  /** Calls a gRPC method and gives its message, or the list of those that it streams. */
  callGrpc(request: CallRequest<GrpcArguments>): Promise<Json>;
  /** Sends one request to an MCP server, in a session of its own, and gives the result. */
  callMcp(request: CallRequest<McpArguments>): Promise<Json>;
  /** Reads or writes documents in a binding. */
  accessStore(request: CallRequest<StoreArguments>): Promise<Json>;
  /** Runs a statement in the database of a binding, and gives its rows and how many it changed. */
  queryDatabase(request: CallRequest<SqlArguments>): Promise<Json>;
  /** Sends one request to an A2A agent and gives the result, or the list of those that it streams. */
  callA2a(request: CallRequest<A2aArguments>): Promise<Json>;
  /** Publishes the message of an AsyncAPI call and gives it as it went out. */
  publishMessage(request: AsyncapiCallRequest): Promise<Json>;
  /** Receives the next messages of an AsyncAPI subscription, for at most five minutes. */
  receiveMessages(request: ReceiveMessagesRequest): Promise<ReceivedMessages>;
  /** Ends a subscription that waits for its next request; nothing where it is not open here. */
  closeMessages(request: CloseMessagesRequest): Promise<void>;
  /** Runs JavaScript or Python in a sandbox and gives what `return` asks for. */
  runScript(request: ProcessRequest): Promise<Json>;
  /** Runs a shell command in a sandbox. */
  runShell(request: ProcessRequest): Promise<Json>;
  /** Runs a container to its end; a repeat takes up the container that the attempt before it started. */
  runContainer(request: ProcessRequest): Promise<Json>;
  /** Publishes a CloudEvent; the same event id on every attempt. */
  publishEvent(request: PublishEventRequest): Promise<void>;
  /** Publishes lifecycle events in order; the same event ids on every attempt. */
  publishLifecycle(request: PublishLifecycleRequest): Promise<void>;
  /** Writes a listener's subscription, then reads the inbox: an event that comes meanwhile is in one of the two. */
  openSubscription(request: OpenSubscriptionRequest): Promise<EarlyEvents>;
  /** Notes what a listener has consumed, and removes its subscription where it has ended. */
  settleSubscription(request: SettleSubscriptionRequest): Promise<void>;
  /** Does nothing: its round trip gives other executions their turn on the worker. */
  yieldTurn(): Promise<void>;
  /** Reads a deployed definition for `run: workflow`. */
  loadDefinition(request: LoadDefinitionRequest): Promise<Definition>;
  /** Waits for an execution's end, for at most five minutes. */
  watchExecution(request: ExecutionRequest): Promise<ExecutionEnd>;
  /** Asks a child that ended how it can go on, for the task that retries it. */
  planChildRetry(request: ExecutionRequest): Promise<ChildRetry>;
  /** Asks Temporal to cancel an execution that has to end as cancelled. */
  requestCancel(request: RequestCancelRequest): Promise<void>;
  /** Waits for a lock, for at most five minutes. */
  acquireLock(request: AcquireLockRequest): Promise<AcquiredLock>;
  /** Keeps a lock until it is cancelled, and says when the lock was lost. */
  keepLock(request: KeepLockRequest): Promise<KeptLock>;
  /** Lets go of a lock, or of a place in its queue. */
  releaseLock(request: ReleaseLockRequest): Promise<void>;
}
