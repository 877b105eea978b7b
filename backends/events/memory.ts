import type { CloudEvent } from '../../workflows/contract.ts';
import type { EventPublisher } from './port.ts';

/** Events that stay inside the process: for one process, for trying things out and for tests. */
export interface MemoryEvents extends EventPublisher {
  /** The last events, oldest first. */
  recent(): readonly CloudEvent[];
  /** Calls `listener` with every event from now on; gives the function that ends it. */
  subscribe(listener: (event: CloudEvent) => void): () => void;
}

/**
 * Keeps the last `capacity` events. An event that comes again while it is still kept (same source and id) is
 * published once. Nothing survives the end of the process.
 */
export function openMemoryEvents(capacity = 1_000): MemoryEvents {
  // A Map keeps the order of insertion, so its first entry is the oldest.
  const events = new Map<string, CloudEvent>();
  const listeners = new Set<(event: CloudEvent) => void>();
  return {
    publish: async (event) => {
      const identity = JSON.stringify([event.source, event.id]);
      if (events.has(identity)) return;
      events.set(identity, event);
      const oldest = events.keys().next();
      if (events.size > capacity && oldest.done !== true) events.delete(oldest.value);
      for (const listener of listeners) listener(event);
    },
    recent: () => [...events.values()],
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: async () => listeners.clear(),
  };
}
