/** The arguments of calls: `with` of a call task, before or after its expressions were evaluated ("Call"). */
import type { Json, JsonObject } from '../json.ts';
import type { Duration, Expression } from './data-flow.ts';
import type { SubscriptionIterator } from './event.ts';
import type { OneOf } from './one-of.ts';
import type { Endpoint, ExternalResource, ReferenceableAuthentication } from './resource.ts';

/** What the built-in calls take, by the name that `call` gives. Any other name is that of a function. */
export interface CallArguments {
  http: HttpArguments;
  openapi: OpenapiArguments;
  grpc: GrpcArguments;
  asyncapi: AsyncapiArguments;
  a2a: A2aArguments;
  mcp: McpArguments;
  /** Perdure's own: functions of the default catalog alone may call them. */
  'perdure:store': StoreArguments;
  'perdure:sql': SqlArguments;
}

/** What an HTTP or OpenAPI call gives: the body as text in Base64, the parsed body, or the whole response. */
export type HttpOutput = 'raw' | 'content' | 'response';

export interface HttpArguments {
  readonly method: string;
  readonly endpoint: Endpoint;
  readonly headers?: Readonly<Record<string, string>> | Expression;
  readonly body?: Json;
  readonly query?: Readonly<Record<string, Json>> | Expression;
  readonly output?: HttpOutput;
  readonly redirect?: boolean;
}

export interface OpenapiArguments {
  readonly document: ExternalResource;
  readonly operationId: string;
  readonly parameters?: JsonObject;
  readonly authentication?: ReferenceableAuthentication;
  readonly output?: HttpOutput;
  readonly redirect?: boolean;
}

export interface GrpcArguments {
  readonly proto: ExternalResource;
  readonly service: {
    readonly name: string;
    readonly host: string;
    readonly port?: number;
    readonly authentication?: ReferenceableAuthentication;
  };
  readonly method: string;
  readonly arguments?: JsonObject;
}

/** Publishes a message or consumes some: `channel` with a document of AsyncAPI 2, `operation` with one of AsyncAPI 3. */
export type AsyncapiArguments = {
  readonly document: ExternalResource;
  readonly server?: { readonly name: string; readonly variables?: JsonObject };
  readonly protocol?: AsyncapiProtocol;
  readonly authentication?: ReferenceableAuthentication;
} & OneOf<{ channel: string; operation: string }> &
  OneOf<{ message: AsyncapiMessage; subscription: AsyncapiSubscription }>;

/** The protocols of AsyncAPI documents. */
export const asyncapiProtocols = [
  'amqp',
  'amqp1',
  'anypointmq',
  'googlepubsub',
  'http',
  'ibmmq',
  'jms',
  'kafka',
  'mercure',
  'mqtt',
  'mqtt5',
  'nats',
  'pulsar',
  'redis',
  'sns',
  'solace',
  'sqs',
  'stomp',
  'ws',
] as const;

export type AsyncapiProtocol = (typeof asyncapiProtocols)[number];

/** "AsyncAPI Outbound Message". */
export interface AsyncapiMessage {
  readonly payload?: JsonObject;
  readonly headers?: JsonObject;
}

export interface AsyncapiSubscription {
  /** Evaluated on each message. */
  readonly filter?: Expression;
  readonly consume: AsyncapiConsumption;
  readonly foreach?: SubscriptionIterator;
}

/** "AsyncAPI Message Consumption Policy": how many messages, and for how long at most. */
export type AsyncapiConsumption = { readonly for?: Duration } & OneOf<{
  amount: number;
  while: Expression;
  until: Expression;
}>;

/** The methods that `call: a2a` takes. */
export const a2aMethods = [
  'message/send',
  'message/stream',
  'tasks/get',
  'tasks/list',
  'tasks/cancel',
  'tasks/resubscribe',
  'tasks/pushNotificationConfig/set',
  'tasks/pushNotificationConfig/get',
  'tasks/pushNotificationConfig/list',
  'tasks/pushNotificationConfig/delete',
  'agent/getAuthenticatedExtendedCard',
] as const;

export interface A2aArguments {
  /** At least one of `agentCard` and `server` is there; with both, `server` is ignored. */
  readonly agentCard?: ExternalResource;
  readonly server?: Endpoint;
  readonly method: (typeof a2aMethods)[number];
  readonly parameters?: JsonObject | Expression;
}

/** The methods that `call: mcp` takes. */
export const mcpMethods = [
  'tools/list',
  'tools/call',
  'prompts/list',
  'prompts/get',
  'resources/list',
  'resources/read',
  'resources/templates/list',
] as const;

export interface McpArguments {
  /** `2025-06-18` when absent. */
  readonly protocolVersion?: string;
  readonly method: (typeof mcpMethods)[number];
  readonly parameters?: JsonObject | Expression;
  readonly timeout?: Duration;
  readonly transport: McpTransport;
  readonly client?: { readonly name: string; readonly version: string };
}

export type McpTransport = { readonly options?: Readonly<Record<string, string>> } & OneOf<{
  http: McpHttpTransport;
  stdio: McpStdioTransport;
}>;

export interface McpHttpTransport {
  readonly endpoint: Endpoint;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface McpStdioTransport {
  readonly command: string;
  readonly arguments?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** What a write expects to find under its key: nothing, whatever is there, or a certain version. */
export type DocumentExpectation = 'absent' | 'any' | { readonly version: string };

/** Reads and writes documents in a binding of the configuration: docs/data-steps.md. */
export type StoreArguments = { readonly binding: string } & (
  | { readonly operation: 'get'; readonly key: string }
  | {
      readonly operation: 'put';
      readonly key: string;
      readonly value: Json;
      readonly expect: DocumentExpectation;
    }
  | { readonly operation: 'delete'; readonly key: string; readonly expect: DocumentExpectation }
  | {
      readonly operation: 'scan';
      readonly prefix: string;
      readonly limit: number;
      readonly cursor: string | null;
      readonly reverse: boolean;
    }
);

/** Runs one statement in the database of a binding: docs/data-steps.md. */
export interface SqlArguments {
  readonly binding: string;
  readonly statement: string;
  readonly parameters: readonly Json[];
  readonly access: 'read' | 'write';
}
