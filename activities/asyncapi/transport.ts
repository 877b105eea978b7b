/** The port that every protocol's file fills in. */
import type { JsonObject } from '../../dsl/json.ts';
import type { HttpSender } from '../../network/http-sender.ts';
import type { Authorization } from '../authentication/authorization.ts';
import type { DescribedServer } from './asyncapi-server.ts';
import type { DeliveryQueue } from './delivery-queue.ts';

/** Where a message goes to or comes from. */
export interface Target {
  readonly server: DescribedServer;
  /** The channel's address, without parameters. */
  readonly address: string;
  /** What the document says for the protocol; empty where it says nothing. */
  readonly bindings: {
    readonly server: JsonObject;
    readonly channel: JsonObject;
    readonly operation: JsonObject;
    readonly message: JsonObject;
  };
  readonly authorization?: Authorization;
  /** The same for every attempt of the call: names groups, queues and clients. */
  readonly key: string;
}

/** What a transport uses. */
export interface TransportContext {
  /** Its guard decides about every address that is connected to. */
  readonly http: HttpSender;
  /** Aborts when the call ends: for `open`, when the subscription is closed. */
  readonly signal: AbortSignal;
  /** For connecting, and for `publish` as a whole. */
  readonly timeoutMs: number;
  readonly maxMessageBytes: number;
}

export interface OutboundMessage {
  readonly body: Uint8Array;
  readonly contentType: string;
  /** Those of the definition. */
  readonly headers: Readonly<Record<string, string>>;
  readonly correlationId?: string;
  readonly idempotencyKey: string;
}

/** A message as it came. */
export interface Delivery {
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  readonly contentType?: string;
  /** Where the protocol has a place for it. */
  readonly correlationId?: string;
  /** Tells the server that the message was taken; nothing where the protocol cannot. At most once. */
  acknowledge(): Promise<void>;
}

/** An open subscription: messages wait in `queue` from the moment that it is open. */
export interface Subscription {
  readonly queue: DeliveryQueue;
  /** Ends it. Messages that were not acknowledged come again where the protocol can redeliver. */
  close(): Promise<void>;
}

export interface Transport {
  /** What stands for any value in an address that is subscribed to. */
  readonly wildcard?: string;
  /** Resolves once the server has the message, as far as the protocol tells. */
  publish(target: Target, message: OutboundMessage, context: TransportContext): Promise<void>;
  /** Resolves once messages arrive. */
  open(target: Target, context: TransportContext): Promise<Subscription>;
}
