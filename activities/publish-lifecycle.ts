import { EventRejectedError } from '../backends/events/port.ts';
import type { EventPublisher } from '../backends/events/port.ts';
import type { PublishLifecycleRequest } from '../workflows/contract.ts';

/**
 * Publishes lifecycle events one after the other, with the same ids on every attempt. One that the event system refuses
 * for good is reported to `refused` and passed over; when the system is away the error passes, and Temporal tries again.
 */
export async function publishLifecycle(
  { events }: PublishLifecycleRequest,
  publisher: EventPublisher,
  signal: AbortSignal,
  refused: (error: EventRejectedError) => void,
): Promise<void> {
  for (const event of events) {
    signal.throwIfAborted();
    try {
      await publisher.publish(event);
    } catch (error) {
      if (!(error instanceof EventRejectedError)) throw error;
      refused(error);
    }
  }
}
