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
      const { take, stop } = consumption(concurrency, handle);
      groups.set(group, [...(groups.get(group) ?? []), take]);
      return {
        failed: new Promise(() => undefined),
        stop: async () => {
          groups.set(
            group,
            (groups.get(group) ?? []).filter((other) => other !== take),
          );
          await stop();
        },
      };
    },
    recent: () => [...events.values()],
    close: async () => groups.clear(),
  };
}

/** Runs a handler over events: in order for one key, at most `concurrency` at once. */
function consumption(
  concurrency: number,
  handle: (received: ReceivedEvent) => Promise<void>,
): { readonly take: Group } & Pick<Consumption, 'stop'> {
  const waiting: CloudEvent[] = [];
  const busy = new Map<string, Promise<void>>();
  let stopped = false;

  async function deliver(event: CloudEvent): Promise<void> {
    for (let attempt = 1; !stopped; attempt++) {
      try {
        return await handle({ content: event, attempt });
      } catch {
        // The handler has said why; this system knows only to try again.
        await delay(pauseMs(attempt));
      }
    }
  }

  function next(): void {
    while (!stopped && busy.size < concurrency) {
      const index = waiting.findIndex((event) => !busy.has(eventKey(event)));
      const [event] = index < 0 ? [] : waiting.splice(index, 1);
      if (event === undefined) return;
      const key = eventKey(event);
      const delivered = deliver(event).finally(() => {
        busy.delete(key);
        next();
      });
      busy.set(key, delivered);
    }
  }

  return {
    take: (event) => {
      waiting.push(event);
      next();
    },
    stop: async () => {
      stopped = true;
      await Promise.all(busy.values());
    },
  };
}
