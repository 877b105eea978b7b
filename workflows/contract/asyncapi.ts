/** What the engine and the activities say to each other about subscriptions of `call: asyncapi`. */
import type { ExpressionLimits } from '../../dsl/expressions/limits.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';
import type { CallRequest } from './activities.ts';

/** "AsyncAPI Inbound Message"; also what publishing gives. */
export interface AsyncapiInboundMessage {
  readonly payload?: Json;
  readonly headers?: JsonObject;
  readonly correlationId?: string;
}

/** Asks for the next messages of a subscription; its `with` has everything but `subscription`. */
export interface ReceiveMessagesRequest extends CallRequest<JsonObject> {
  readonly receive: {
    /** Expressions on each message: which ones count, and after which of these the subscription ends. */
    readonly filter?: string;
    readonly while?: string;
    readonly until?: string;
    /** What these see beside the message. */
    readonly scope: {
      readonly variables: JsonObject;
      readonly mode: 'strict' | 'loose';
      readonly limits: ExpressionLimits;
    };
    /** Messages that end the subscription; what it still has to give. */
    readonly amount?: number;
    /** Answer as soon as there are messages, with at most so many; absent to wait until the subscription ends. */
    readonly batch?: number;
    /** How long to receive, in milliseconds, and whether the subscription ends then. */
    readonly forMs: number;
    readonly endsThen: boolean;
    /** Whether messages are wanted at all: nobody sees what a subscription without end and `foreach` took. */
    readonly keeps: boolean;
    /** What the messages may take together, as JSON. */
    readonly maxBytes: number;
  };
}

export interface ReceivedMessages {
  readonly messages: readonly AsyncapiInboundMessage[];
  /** The subscription has ended and is closed. */
  readonly complete: boolean;
}

/** Ends a subscription that still waits for the engine. */
export interface CloseMessagesRequest {
  readonly reference: string;
  readonly idempotencyKey: string;
}
