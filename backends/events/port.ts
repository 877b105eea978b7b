import type { CloudEvent } from '../../workflows/contract.ts';

/** Where the events that definitions emit go. */
export interface EventPublisher {
  /**
   * Resolves when the event is where its consumers find it. At least once: an event may come again with the same
   * source and id. Rejects with an {@link EventRejectedError} when this event will never be taken, and with any other
   * error when trying again may help.
   */
  publish(event: CloudEvent): Promise<void>;
  close(): Promise<void>;
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
