/**
 * The shapes of an Open Workflow document, DSL 1.0.3, as `validate` lets them through: a value of type
 * {@link Definition} has been checked, so the engine never checks again. Field names and meanings are those of the
 * specification's reference; its files under `types/` are themed as it is.
 */
export { asyncapiProtocols, a2aMethods, mcpMethods } from './types/call.ts';
export type {
  A2aArguments,
  AsyncapiArguments,
  AsyncapiConsumption,
  AsyncapiMessage,
  AsyncapiProtocol,
  AsyncapiSubscription,
  CallArguments,
  DocumentExpectation,
  GrpcArguments,
  HttpArguments,
  HttpOutput,
  McpArguments,
  McpHttpTransport,
  McpStdioTransport,
  McpTransport,
  OpenapiArguments,
  SqlArguments,
  StoreArguments,
} from './types/call.ts';
export type {
  Duration,
  DurationParts,
  ExportConfig,
  Expression,
  InputConfig,
  OutputConfig,
  Schema,
  Timeout,
} from './types/data-flow.ts';
export type { Catch, ErrorDefinition, RetryPolicy } from './types/error.ts';
export type {
  Correlation,
  EmittedEvent,
  EventConsumptionStrategy,
  EventEnd,
  EventFilter,
  EventProperties,
  EventReading,
  SubscriptionIterator,
} from './types/event.ts';
export type {
  AuthenticationPolicy,
  BearerToken,
  Endpoint,
  ExternalResource,
  NamedUse,
  OAuth2Client,
  OAuth2Properties,
  OAuth2Token,
  OidcProperties,
  ReferenceableAuthentication,
  UsernamePassword,
} from './types/resource.ts';
export type { FunctionResource, Resources, SchemaResource } from './types/resources.ts';
export { scriptLanguages } from './types/run.ts';
export type {
  ContainerLifetime,
  ContainerProcess,
  ProcessResult,
  ProcessReturn,
  RunProcess,
  ScriptProcess,
  ShellProcess,
  WorkflowProcess,
} from './types/run.ts';
export { namedTask, taskKind, taskKinds } from './types/task.ts';
export type {
  CallTask,
  DoTask,
  EmitTask,
  FlowDirective,
  ForkTask,
  ForTask,
  ListenTask,
  RaiseTask,
  RunTask,
  SetTask,
  SwitchCase,
  SwitchTask,
  Task,
  TaskBase,
  TaskKind,
  TaskList,
  TaskTypes,
  TryTask,
  WaitTask,
} from './types/task.ts';
export { extensionTargets } from './types/workflow.ts';
export type {
  Catalog,
  Definition,
  DocumentHeader,
  Evaluate,
  Extension,
  Schedule,
  Use,
} from './types/workflow.ts';
