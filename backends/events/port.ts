import type { Json } from '../../dsl/json.ts';
import type { CloudEvent } from '../../workflows/contract.ts';

/** Where the events that definitions emit go. */
export interface EventPublisher {
  /**
   * Resolves when the event is where its consumers find it. At least once: an event may come again with the same
   * source and id. Events of one key ({@link eventKey}) stay in the order in which they were published. Rejects with an
   * {@link EventRejectedError} when this event will never be taken, and with any other error when trying again may help.
   */
  publish(event: CloudEvent): Promise<void>;
  close(): Promise<void>;
}

/** Where the events for definitions come from. */
export interface EventConsumer {
  /**
   * Hands over every event, at least once, until stopped. Events of one key come one after the other, in their order;
   * those of different keys side by side, at most `concurrency` at once. What is taken from the system ahead of that is
   * bounded; each system's file says by what. An event is acknowledged when its handler fulfils. When the handler
   * rejects, or the process dies before, the event comes again before any later one of its key. A handler may take as
   * long as it wants: it tries again by itself what may yet succeed. Consumers of the same `group` share the events; each
   * group has all that come after its first consumer began. Resolves once the system would deliver; rejects with an
   * {@link EventSystemError} when it is away for 30 seconds or refuses the service.
   */
  consume(
    options: { readonly group: string; readonly concurrency: number },
    handle: (received: ReceivedEvent) => Promise<void>,
  ): Promise<Consumption>;
  close(): Promise<void>;
}

/** An event as it came: nobody has checked that it is one. */
export interface ReceivedEvent {
  /** In the JSON format. What cannot be read as that is here as a text. */
  readonly content: Json;
  /** 1 for the first delivery. A system that does not count says 1 again after a crash. */
  readonly attempt: number;
  /**
   * Events of the same key that wait right behind it, in order, where the system has them at hand. They count towards
   * `concurrency` and share the fate of the first: acknowledged together, or all come again. One after the other a key is
   * as slow as one signal to one execution; together they go in one.
   */
  readonly following?: readonly Json[];
  /** Where the system had it, for people: a topic, partition and offset, for example. */
  readonly origin?: string;
}

/** Consuming that is under way. */
export interface Consumption {
  /** Takes nothing more, and resolves when the handlers that run have ended and the system knows of it. */
  stop(): Promise<void>;
  /** Rejects when the system is gone for good. No broker ever is: consumers go on reconnecting. */
  readonly failed: Promise<never>;
  /** False while the connection is lost and the consumer tries to have it back; absent where there is none to lose. */
  isConnected?(): boolean;
  /**
   * Events that this group has not acknowledged yet, where the system can tell; each system's file says what it leaves
   * out. Fails while it does not answer.
   */
  lag?(): Promise<number>;
}

/** What keeps events in order: CloudEvents' extension `partitionkey`, else the source. */
export function eventKey(event: CloudEvent): string {
  const { partitionkey } = event;
  return typeof partitionkey === 'string' ? partitionkey : event.source;
}

/** Thrown when the system took the event in and refused it: the same event will be refused again. */
export class EventRejectedError extends Error {
  override readonly name = 'EventRejectedError';
  /** The HTTP status of the refusal, or the nearest there is. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Thrown when an event system cannot be reached or does not let the service in. Says which, without credentials. */
export class EventSystemError extends Error {
  override readonly name = 'EventSystemError';
  /** It was reached and refuses: to try again helps only after somebody has changed something. */
  readonly isRefusal: boolean;

  constructor(message: string, { isRefusal = false }: { readonly isRefusal?: boolean } = {}) {
    super(message);
    this.isRefusal = isRefusal;
  }
}
