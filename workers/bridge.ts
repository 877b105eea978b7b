/**
 * The event bridge: takes events from the event system to the router, and sweeps what events leave behind. Any number of
 * them share the events of a system; the sweeping is done by one of them at a time.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { EventDelivery } from '../backends/events/delivery.ts';
import { EventSystemError } from '../backends/events/port.ts';
import type { Consumption, EventConsumer } from '../backends/events/port.ts';
import { backOff } from '../backends/events/reconnecting.ts';
import type { EventRouting } from '../backends/events/routing.ts';
import { sweepSubscriptions } from '../backends/events/sweep-subscriptions.ts';
import { takeTurn } from '../backends/events/turns.ts';
import type { Store } from '../backends/store/port.ts';
import type { Settings } from '../config/settings.ts';
import { createBridgeMetrics } from './bridge-metrics.ts';
import { createEventHandler } from './handle-event.ts';

export interface BridgeParts {
  /** Absent where events come by HTTP alone. */
  readonly consumer?: EventConsumer;
  readonly routing: EventRouting;
  readonly store: Store;
  readonly delivery: EventDelivery;
  readonly settings: Pick<Settings, 'bridge' | 'deadLetters' | 'limits'>;
  readonly registry: Registry;
  readonly logger: Logger;
}

/** `none`: events come by HTTP alone. */
type BridgeState = 'none' | 'connecting' | 'connected' | 'disconnected' | 'stopping';

export interface Bridge {
  /**
   * Resolves when events come, and after five seconds anyway: while the event system is away the bridge tries on, and
   * everything else works.
   */
  start(): Promise<void>;
  /** Rejects when the event system refuses the service, or is gone for good. */
  readonly failed: Promise<never>;
  state(): BridgeState;
  /** Fails while no events come that should. */
  checkReady(): void;
  /** Takes no more events and finishes those in hand within the grace time; what is not finished comes again. */
  stop(): Promise<void>;
}

/** All bridges of a service share the events. */
const group = 'perdure';

/** How often each job of sweeping is due, among all bridges, and how often one looks whether it is. */
const sweepEveryMs = 30_000;
const lookEveryMs = 10_000;

/** How long a start waits for the event system, in milliseconds. */
const startMs = 5_000;

/** Makes a bridge that does nothing yet; what is handed in stays the caller's to close. */
export function createBridge(parts: BridgeParts): Bridge {
  const { consumer, routing, store, delivery, settings, registry, logger } = parts;
  const { concurrency, shutdownGraceMs } = settings.bridge;
  const stopping = new AbortController();
  const failure = Promise.withResolvers<never>();
  // Whoever does not listen yet must not be ended by an unhandled rejection.
  failure.promise.catch(() => undefined);
  let consumption: Consumption | undefined;
  let looking: NodeJS.Timeout | undefined;
  let sweeping: Promise<void> = Promise.resolve();

  const metrics = createBridgeMetrics(registry, group, () => consumption);
  const handle = createEventHandler({
    routing,
    store,
    delivery,
    maxBytes: settings.limits.payloadBytes,
    afterAttempts: settings.deadLetters.afterAttempts,
    metrics,
    logger,
    stopping: stopping.signal,
  });

  const jobs: Readonly<Record<string, (left: unknown) => Promise<string | null>>> = {
    'the inbox': async () => {
      await routing.inbox.sweep();
      return null;
    },
    'dead letters': async () => {
      await routing.deadLetters.sweep();
      return null;
    },
    subscriptions: async (left) => {
      const cursor = typeof left === 'string' ? left : undefined;
      const swept = await sweepSubscriptions(store, delivery, cursor);
      metrics.sweptSubscriptions(swept.removed);
      if (swept.removed > 0) logger.info(swept, 'subscriptions of closed executions were removed');
      return swept.cursor ?? null;
    },
  };

  async function sweep(): Promise<void> {
    for (const [what, job] of Object.entries(jobs)) {
      if (stopping.signal.aborted) return;
      try {
        const turn = await takeTurn(store, `sweep ${what}`, sweepEveryMs);
        if (turn !== undefined) await turn.leave(await job(turn.left));
      } catch (error) {
        logger.warn({ err: error }, `${what} could not be swept; that is tried again in half a minute`);
      }
    }
  }

  /** Begins to consume, however long that takes. An event system that is away says so at each try. */
  async function connect(from: EventConsumer): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted; failures += 1) {
      try {
        const consuming = await from.consume({ group, concurrency }, handle);
        if (stopping.signal.aborted) return await consuming.stop();
        consumption = consuming;
        consuming.failed.catch(failure.reject);
        return;
      } catch (error) {
        if (stopping.signal.aborted) return;
        if (!(error instanceof EventSystemError) || error.isRefusal) return failure.reject(error);
        logger.warn({ err: error }, 'The event system is away: no events come. The bridge goes on trying');
        await backOff(failures, stopping.signal);
      }
    }
  }

  function state(): BridgeState {
    if (stopping.signal.aborted) return 'stopping';
    if (consumer === undefined) return 'none';
    if (consumption === undefined) return 'connecting';
    return consumption.isConnected?.() === false ? 'disconnected' : 'connected';
  }

  return {
    async start() {
      looking = setInterval(() => {
        sweeping = sweeping.then(sweep);
      }, lookEveryMs);
      looking.unref();
      if (consumer === undefined) return;
      await Promise.race([connect(consumer), sleep(startMs, undefined, { ref: false })]);
    },
    failed: failure.promise,
    state,
    checkReady() {
      const now = state();
      if (now !== 'connected' && now !== 'none') throw new Error(`the event system is ${now}`);
    },
    async stop() {
      clearInterval(looking);
      stopping.abort();
      const done = Promise.all([consumption?.stop(), sweeping]).then(() => true);
      const inTime = await Promise.race([done, sleep(shutdownGraceMs, false, { ref: false })]);
      if (!inTime) logger.warn('Some events were not finished within the grace time; they come again');
    },
  };
}
