import { standardFault } from '../dsl/errors.ts';
import { EventRejectedError } from '../backends/events/port.ts';
import type { EventPublisher } from '../backends/events/port.ts';
import type { PublishEventRequest } from '../workflows/contract.ts';

/**
 * Publishes an event of `emit`. Faults with `communication` when the event system refuses the event for good; when
 * the system is away the error passes, and Temporal tries again with the same event id.
 */
export async function publishEvent(
  { reference, event }: PublishEventRequest,
  events: EventPublisher,
): Promise<void> {
  try {
    await events.publish(event);
  } catch (error) {
    if (!(error instanceof EventRejectedError)) throw error;
    const { status } = error;
    throw standardFault('communication', reference, error.message, {
      status,
      title: 'Event Rejected',
      cause: error,
    });
  }
}
