import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Consumption } from '../backends/events/port.ts';

/** What the bridge counts. */
export interface BridgeMetrics {
  received(events: number, attempt: number): void;
  /** Neither routed nor set aside any more: acknowledged, or given back. */
  settled(events: number): void;
  routed(events: number): void;
  dead(reason: string): void;
  failedTry(failure: string): void;
  sweptSubscriptions(count: number): void;
}

// A page of metrics must not wait for an event system that does not answer.
const lagTimeoutMs = 2_000;

/** Registers the bridge's metrics. `consumption` is asked at each scrape, and gives undefined while there is none. */
export function createBridgeMetrics(
  registry: Registry,
  group: string,
  consumption: () => Consumption | undefined,
): BridgeMetrics {
  const registers = [registry];
  const counter = (name: string, help: string): Counter =>
    new Counter({ name: `perdure_bridge_${name}`, help, registers });
  const received = counter('events_received_total', 'Events that the event system handed over');
  const redelivered = counter('events_redelivered_total', 'Of these, those that it handed over before');
  const routed = counter('events_routed_total', 'Events that reached everyone who listens, nobody included');
  const swept = counter('subscriptions_swept_total', 'Subscriptions of closed executions that were removed');
  const dead = new Counter({
    name: 'perdure_bridge_events_dead_total',
    help: 'Events that became dead letters',
    labelNames: ['reason'],
    registers,
  });
  const failed = new Counter({
    name: 'perdure_bridge_tries_failed_total',
    help: 'Tries to route that failed; away is the store or Temporal',
    labelNames: ['failure'],
    registers,
  });
  const inFlight = new Gauge({
    name: 'perdure_bridge_events_in_flight',
    help: "Events in the bridge's hands",
    registers,
  });
  new Gauge({
    name: 'perdure_bridge_connected',
    help: '1 while the event system hands events over, else 0',
    registers,
    collect() {
      this.set(consumption()?.isConnected?.() === false || consumption() === undefined ? 0 : 1);
    },
  });
  new Gauge({
    name: 'perdure_bridge_lag_events',
    help: 'Events in the event system that are not acknowledged; absent where it cannot tell',
    labelNames: ['group'],
    registers,
    async collect() {
      this.reset();
      const lag = await lagOf(consumption());
      if (lag !== undefined) this.set({ group }, lag);
    },
  });
  return {
    received: (events, attempt) => {
      received.inc(events);
      if (attempt > 1) redelivered.inc(events);
      inFlight.inc(events);
    },
    settled: (events) => inFlight.dec(events),
    routed: (events) => routed.inc(events),
    dead: (reason) => dead.inc({ reason }),
    failedTry: (failure) => failed.inc({ failure }),
    sweptSubscriptions: (count) => swept.inc(count),
  };
}

async function lagOf(consumption: Consumption | undefined): Promise<number | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), lagTimeoutMs);
  });
  try {
    return await Promise.race([consumption?.lag?.(), late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
