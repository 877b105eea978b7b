/** The event bridge: takes events from the event system to the router, and keeps the inbox swept. */
import type { Logger } from 'pino';
import type { Inbox } from '../backends/events/inbox.ts';
import type { EventConsumer, ReceivedEvent } from '../backends/events/port.ts';
import type { EventRouter } from '../backends/events/router.ts';
import { parseCloudEvent } from '../dsl/events/cloud-event.ts';
import { InputTooLargeError } from '../temporal/definition-start.ts';

export interface BridgeParts {
  /** Absent where events come by HTTP alone. */
  readonly consumer?: EventConsumer;
  readonly router: EventRouter;
  readonly inbox: Inbox;
  readonly logger: Logger;
}

export interface RunningBridge {
  /** Rejects when the event system is gone for good. */
  readonly failed: Promise<never>;
  /** Takes no more events and finishes those in hand. */
  stop(): Promise<void>;
}

/** All bridges of a service share the events. */
const group = 'perdure';

/** Events in hand at once; the event system keeps the rest. */
const concurrency = 100;

const sweepEveryMs = 30_000;

/** Starts the bridge; what is handed in stays the caller's to close. */
export async function startBridge({ consumer, router, inbox, logger }: BridgeParts): Promise<RunningBridge> {
  const sweeping = setInterval(() => {
    inbox.sweep().catch((error: unknown) => logger.warn({ err: error }, 'the inbox could not be swept'));
  }, sweepEveryMs);
  sweeping.unref();
  const consumption = await consumer?.consume({ group, concurrency }, (received) =>
    handle(received, router, logger),
  );
  return {
    failed: consumption?.failed ?? new Promise(() => undefined),
    stop: async () => {
      clearInterval(sweeping);
      await consumption?.stop();
    },
  };
}

/** Routes one event. What can never be routed is said in the log and let go: it must not hold up the others. */
async function handle(
  { content, attempt }: ReceivedEvent,
  router: EventRouter,
  logger: Logger,
): Promise<void> {
  const parsed = parseCloudEvent(content);
  if (!parsed.ok) {
    logger.error({ problems: parsed.problems }, 'a message that is no CloudEvent was dropped');
    return;
  }
  const { source, id, type } = parsed.event;
  try {
    await router.route([parsed.event]);
  } catch (error) {
    if (!(error instanceof InputTooLargeError)) {
      logger.warn({ err: error, source, id, type, attempt }, 'an event could not be routed and comes again');
      throw error;
    }
    logger.error({ err: error, source, id, type }, 'an event that cannot be routed was dropped');
  }
}
