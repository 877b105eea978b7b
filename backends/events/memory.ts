import { setTimeout as delay } from 'node:timers/promises';
import type { CloudEvent } from '../../workflows/contract.ts';
import { eventKey } from './port.ts';
import type { Consumption, EventConsumer, EventPublisher, ReceivedEvent } from './port.ts';

/** Events that stay inside the process: for one process, for trying things out and for tests. */
export interface MemoryEvents extends EventPublisher, EventConsumer {
  /** The last events, oldest first. */
  recent(): readonly CloudEvent[];
}

type Group = (event: CloudEvent) => void;

// How long an event waits to be handed over again, in milliseconds, by how often it was.
const pauseMs = (attempt: number): number => Math.min(5_000, 50 * 2 ** attempt);

/**
 * Keeps the last `capacity` events. An event that comes again while it is still kept (same source and id) is
 * published once. Nothing survives the end of the process, what was not yet handled included, and consumers get only
 * what is published after they began: neither order nor delivery outlives the process.
 */
export function openMemoryEvents(capacity = 1_000): MemoryEvents {
  // A Map keeps the order of insertion, so its first entry is the oldest.
  const events = new Map<string, CloudEvent>();
  // The consumers of a group take turns.
  const groups = new Map<string, Group[]>();
  return {
    publish: async (event) => {
      const identity = JSON.stringify([event.source, event.id]);
      if (events.has(identity)) return;
      events.set(identity, event);
      const oldest = events.keys().next();
      if (events.size > capacity && oldest.done !== true) events.delete(oldest.value);
      for (const [first] of groups.values()) first?.(event);
    },
    consume: async ({ group, concurrency }, handle) => {
      const { take, ...consuming } = consumption(concurrency, handle);
      groups.set(group, [...(groups.get(group) ?? []), take]);
      return {
        ...consuming,
        stop: async () => {
          groups.set(
            group,
            (groups.get(group) ?? []).filter((other) => other !== take),
          );
          await consuming.stop();
        },
      };
    },
    recent: () => [...events.values()],
    close: async () => groups.clear(),
  };
}

/** Runs a handler over events: in order for one key, at most `concurrency` of them in its hands. */
function consumption(
  concurrency: number,
  handle: (received: ReceivedEvent) => Promise<void>,
): { readonly take: Group } & Consumption {
  // By key: what waits, in order. A key stands in `ready` while it has something and nothing of it is being handled.
  const waiting = new Map<string, CloudEvent[]>();
  const ready = new Set<string>();
  const busy = new Map<string, Promise<void>>();
  let inHand = 0;
  let unhandled = 0;
  const stopping = new AbortController();

  async function deliver([first, ...following]: readonly CloudEvent[]): Promise<void> {
    if (first === undefined) return;
    for (let attempt = 1; !stopping.signal.aborted; attempt++) {
      try {
        return await handle({ content: first, attempt, following });
      } catch {
        // The handler has said why; this system knows only to try again.
        await delay(pauseMs(attempt), undefined, stopping).catch(() => undefined);
      }
    }
  }

  function next(): void {
    for (const key of ready) {
      if (stopping.signal.aborted || inHand >= concurrency) return;
      const line = waiting.get(key) ?? [];
      const taken = line.splice(0, concurrency - inHand);
      if (line.length === 0) waiting.delete(key);
      ready.delete(key);
      inHand += taken.length;
      const delivered = deliver(taken).finally(() => {
        inHand -= taken.length;
        unhandled -= taken.length;
        busy.delete(key);
        if (waiting.has(key)) ready.add(key);
        next();
      });
      busy.set(key, delivered);
    }
  }

  return {
    take: (event) => {
      unhandled += 1;
      const key = eventKey(event);
      const line = waiting.get(key);
      if (line === undefined) waiting.set(key, [event]);
      else line.push(event);
      if (!busy.has(key)) ready.add(key);
      next();
    },
    failed: new Promise(() => undefined),
    lag: async () => unhandled,
    stop: async () => {
      stopping.abort();
      await Promise.all(busy.values());
    },
  };
}
