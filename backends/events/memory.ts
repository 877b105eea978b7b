import type { CloudEvent } from '../../workflows/contract.ts';
import { createKeyedWork } from './keyed-work.ts';
import type { EventConsumer, EventPublisher } from './port.ts';

/** Events that stay inside the process: for one process, for trying things out and for tests. */
export interface MemoryEvents extends EventPublisher, EventConsumer {
  /** The last events, oldest first. */
  recent(): readonly CloudEvent[];
}

type Take = (event: CloudEvent) => void;

/**
 * Keeps the last `capacity` events. An event that comes again while it is still kept (same source and id) is
 * published once. Nothing survives the end of the process, what was not yet handled included, and consumers get only
 * what is published after they began: neither order nor delivery outlives the process.
 */
export function openMemoryEvents(capacity = 1_000): MemoryEvents {
  // A Map keeps the order of insertion, so its first entry is the oldest.
  const events = new Map<string, CloudEvent>();
  // The consumers of a group take turns.
  const groups = new Map<string, Take[]>();
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
      const work = createKeyedWork({ concurrency, handle });
      const lane = work.lane();
      const take: Take = (event) => void lane.add(event, 1);
      groups.set(group, [...(groups.get(group) ?? []), take]);
      return {
        failed: new Promise(() => undefined),
        lag: async () => lane.size,
        stop: async () => {
          groups.set(
            group,
            (groups.get(group) ?? []).filter((other) => other !== take),
          );
          await work.stop();
        },
      };
    },
    recent: () => [...events.values()],
    close: async () => groups.clear(),
  };
}
