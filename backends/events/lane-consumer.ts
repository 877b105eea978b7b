/** The life of a consumer whose lanes are divided by leases: it connects, keeps its lanes, and connects again. */
import { randomUUID } from 'node:crypto';
import { groupParameter } from './broker-url.ts';
import type { BrokerUrl } from './broker-url.ts';
import { createKeyedWork } from './keyed-work.ts';
import type { KeyedWork, Lane } from './keyed-work.ts';
import { keepLanes } from './lane-keeper.ts';
import type { HeldLane, LaneKeeper, LaneLeases, Lasts } from './lane-keeper.ts';
import type { Consumption, EventConsumer } from './port.ts';
import { backOff, causeOf, reach } from './reconnecting.ts';
import type { Report } from './reconnecting.ts';

/** A connection, and what is consumed by it. */
export interface LaneSession {
  readonly lanes: number;
  readonly leases: LaneLeases;
  /** Begins to consume a lane: first what is pending from before, in its order. */
  open(lane: number, work: Lane, lasts: Lasts): HeldLane;
  /** Resolves to why when the connection has ended, by `fail` or by itself. */
  readonly ended: Promise<unknown>;
  readonly fail: (reason: unknown) => void;
  /** Events that the group has not acknowledged. */
  lag(): Promise<number>;
  close(): Promise<void>;
}

export interface LaneSystem {
  readonly url: BrokerUrl;
  /** For errors and logs. */
  readonly place: string;
  /** Connects, and makes what the group needs. `member` names this consumer for as long as it lives. */
  connect(group: string, member: string): Promise<LaneSession>;
  readonly isFinal: (error: unknown) => boolean;
}

interface Current {
  readonly session: LaneSession;
  readonly keeper: LaneKeeper;
}

export function createLaneConsumer(
  system: LaneSystem,
  report: Report,
): EventConsumer & { close(): Promise<void> } {
  const running = new Set<Consumption>();
  return {
    consume: async ({ group, concurrency }, handle) => {
      const named = groupParameter(system.url, group);
      const consumption = await start(system, report, named, createKeyedWork({ concurrency, handle }));
      running.add(consumption);
      return { ...consumption, stop: () => consumption.stop().finally(() => running.delete(consumption)) };
    },
    close: async () => void (await Promise.all([...running].map((one) => one.stop()))),
  };
}

async function start(
  system: LaneSystem,
  report: Report,
  group: string,
  work: KeyedWork,
): Promise<Consumption> {
  const { place, isFinal } = system;
  const member = randomUUID();
  const stopping = new AbortController();
  const { signal } = stopping;
  let isConnected = true;

  async function begin(): Promise<Current> {
    const session = await system.connect(group, member);
    try {
      const keeper = await keepLanes({
        lanes: session.lanes,
        leases: session.leases,
        open: (lane, lasts) => session.open(lane, work.lane(), lasts),
        onFailure: session.fail,
      });
      return { session, keeper };
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  let current = await reach({ place, attempt: begin, isFinal, signal });

  async function keepRunning(): Promise<void> {
    while (!signal.aborted) {
      const reason = await current.session.ended;
      current.keeper.abandon();
      if (signal.aborted) return;
      isConnected = false;
      report(`events: the connection to ${place} was lost`, reason === undefined ? reason : causeOf(reason));
      await current.session.close();
      await reconnect();
    }
  }

  async function reconnect(): Promise<void> {
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        await backOff(failures, signal);
        if (signal.aborted) return;
        current = await begin();
        isConnected = true;
        if (signal.aborted) await end(current);
        return report(`events: ${place} is back`, undefined);
      } catch (error) {
        report(`events: ${place} is still away`, causeOf(error));
      }
    }
  }

  async function end({ keeper, session }: Current): Promise<void> {
    await keeper.stop();
    await session.close();
  }

  const ended = keepRunning();
  return {
    failed: new Promise(() => undefined),
    isConnected: () => isConnected,
    lag: () => current.session.lag(),
    stop: async () => {
      stopping.abort();
      await end(current);
      await ended;
      await work.stop();
    },
  };
}
