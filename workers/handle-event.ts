/** What becomes of an event in the bridge's hands: it is routed, or set aside as a dead letter, or it comes again. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { DeadEvent } from '../backends/events/dead-letters.ts';
import type { EventDelivery } from '../backends/events/delivery.ts';
import { acceptEvent, detailOf, isFinal, routingFailure } from '../backends/events/failure.ts';
import type { ReceivedEvent } from '../backends/events/port.ts';
import type { EventRouting } from '../backends/events/routing.ts';
import type { Store } from '../backends/store/port.ts';
import type { CloudEvent } from '../dsl/events/cloud-event.ts';
import type { Json } from '../dsl/json.ts';
import type { BridgeMetrics } from './bridge-metrics.ts';
import { createOutageLog } from './outage-log.ts';

export interface HandlerParts {
  readonly routing: EventRouting;
  readonly store: Store;
  readonly delivery: EventDelivery;
  /** Bytes of JSON that an event may have. */
  readonly maxBytes: number;
  /** Tries after which an event is set aside. */
  readonly afterAttempts: number;
  readonly metrics: BridgeMetrics;
  readonly logger: Logger;
  /** Aborts when the bridge stops: whoever waits for another try gives the event back. */
  readonly stopping: AbortSignal;
}

/** A CloudEvent with what came, and who has it already. */
interface EventInHand {
  readonly content: Json;
  readonly event: CloudEvent;
  readonly reached: Set<string>;
  readonly origin?: string;
}

// Until the next try, in milliseconds: after failures of the event's own, and while the store or Temporal is away.
const pauseAfterFailure = (failures: number): number => Math.min(10_000, 200 * 3 ** (failures - 1));
const pauseWhileAway = (tries: number): number => Math.min(5_000, 250 * 2 ** (tries - 1));

/**
 * How long an event waits here while the store or Temporal is away, in milliseconds, before it is given back: event
 * systems think little of a consumer that is silent for long.
 */
const patienceMs = 20_000;

/**
 * The handler that the bridge gives to the event system. Fulfils when every event is routed or set aside; rejects, so that
 * they come again, when the store or Temporal is away for long or the bridge stops.
 */
export function createEventHandler(parts: HandlerParts): (received: ReceivedEvent) => Promise<void> {
  const { routing, store, delivery, maxBytes, afterAttempts, metrics, logger, stopping } = parts;
  const { router, deadLetters } = routing;
  const outage = createOutageLog(logger);
  const pause = (ms: number): Promise<void> => sleep(ms, undefined, { signal: stopping });

  /** Makes a call again and again while what it needs is away; any other failure passes. */
  async function whileAway<T>(call: () => Promise<T>): Promise<T> {
    const until = Date.now() + patienceMs;
    for (let tries = 1; ; tries++) {
      try {
        const result = await call();
        outage.over();
        return result;
      } catch (error) {
        if (routingFailure(error, delivery) !== 'away') throw error;
        metrics.failedTry('away');
        outage.goesOn(error);
        if (Date.now() > until) throw error;
        await pause(pauseWhileAway(tries));
      }
    }
  }

  /** Fails as something that is away where the store or Temporal does not answer. */
  async function checkSystems(): Promise<void> {
    await Promise.all([store.ping(), delivery.ping()]);
  }

  async function setAside(dead: DeadEvent): Promise<void> {
    const { reason, detail, attempts, origin } = dead;
    try {
      const { id, event } = await whileAway(() => deadLetters.add(dead));
      logger.error(
        { deadLetter: id, reason, detail, attempts, origin, event },
        `an event was set aside as a dead letter; see it with \`perdure dead-letters show ${id}\`, ` +
          'and send it again with `perdure dead-letters redrive` when the reason is gone',
      );
    } catch (error) {
      if (routingFailure(error, delivery) === 'away' || stopping.aborted) throw error;
      // It must not hold up the others for ever.
      logger.error(
        { err: error, reason, detail, origin },
        'an event was dropped: it could neither be routed nor set aside',
      );
    }
    metrics.dead(reason);
  }

  async function routeOne({ content, event, reached, origin }: EventInHand): Promise<void> {
    for (let attempts = 1; ; attempts++) {
      try {
        await whileAway(() => router.route([event], [reached]));
        metrics.routed(1);
        return;
      } catch (error) {
        const failure = routingFailure(error, delivery);
        if (failure === 'away' || stopping.aborted) throw error;
        metrics.failedTry(failure);
        const { id, source, type } = event;
        if (isFinal(failure) || attempts >= afterAttempts) {
          // What fails in a way that nobody knows may still be a system that is half away.
          if (failure === 'failed') await whileAway(checkSystems);
          await setAside({ content, reason: failure, detail: detailOf(error), attempts, origin, reached });
          return;
        }
        logger.warn(
          { err: error, failure, id, source, type, attempts, of: afterAttempts },
          'an event could not be routed and is tried again',
        );
        await pause(pauseAfterFailure(attempts));
      }
    }
  }

  /** Routes events of one key in one go; false where that failed, with those who have them noted. */
  async function routeTogether(events: readonly EventInHand[]): Promise<boolean> {
    try {
      await router.route(
        events.map(({ event }) => event),
        events.map(({ reached }) => reached),
      );
      metrics.routed(events.length);
      return true;
    } catch {
      // One by one it shows which of them it is, and why.
      return false;
    }
  }

  return async ({ content, following = [], attempt, origin }) => {
    const contents = [content, ...following];
    metrics.received(contents.length, attempt);
    try {
      const read = contents.map((one) => ({ content: one, accepted: acceptEvent(one, maxBytes) }));
      const events = read.flatMap(({ content: one, accepted }) =>
        accepted.ok ? [{ content: one, event: accepted.event, reached: new Set<string>(), origin }] : [],
      );
      const isDone = events.length > 1 && (await routeTogether(events));
      if (!isDone) for (const event of events) await routeOne(event);
      for (const { content: one, accepted } of read) {
        if (!accepted.ok) await setAside({ ...accepted, content: one, attempts: 1, origin });
      }
    } finally {
      metrics.settled(contents.length);
    }
  };
}
