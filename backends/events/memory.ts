import type { CloudEvent } from '../../workflows/contract.ts';
import { createKeyedWork } from './keyed-work.ts';
import type { Lane } from './keyed-work.ts';
import type { EventConsumer, EventPublisher, ReceivedEvent } from './port.ts';

/** Events that stay inside the process: for one process, for trying things out and for tests. */
export interface MemoryEvents extends EventPublisher, EventConsumer {
  /** The last events, oldest first. */
  recent(): readonly CloudEvent[];
}

type Handle = (received: ReceivedEvent) => Promise<void>;

/** Consumers that share events: they take turns, and events of one key wait for each other whoever has them. */
interface Group {
  readonly lane: Lane;
  readonly handles: Handle[];
}

/**
 * Keeps the last `capacity` events. An event that comes again while it is still kept (same source and id) is
 * published once. Nothing survives the end of the process, what was not yet handled included, and consumers get only
 * what is published after they began: neither order nor delivery outlives the process. What waits is not limited.
 */
export function openMemoryEvents(capacity = 1_000): MemoryEvents {
  // A Map keeps the order of insertion, so its first entry is the oldest.
  const events = new Map<string, CloudEvent>();
  const groups = new Map<string, Group>();

  function createGroup(concurrency: number): Group {
    const handles: Handle[] = [];
    const work = createKeyedWork({
      concurrency,
      handle: async (received) => {
        const next = handles.shift();
        if (next === undefined) throw new Error('nobody consumes events any more');
        handles.push(next);
        await next(received);
      },
    });
    return { lane: work.lane(), handles };
  }

  return {
    publish: async (event) => {
      const identity = JSON.stringify([event.source, event.id]);
      if (events.has(identity)) return;
      events.set(identity, event);
      const oldest = events.keys().next();
      if (events.size > capacity && oldest.done !== true) events.delete(oldest.value);
      for (const { lane } of groups.values()) void lane.add(event, 1);
    },
    consume: async ({ group: name, concurrency }, handle) => {
      const group = groups.get(name) ?? createGroup(concurrency);
      groups.set(name, group);
      const inHand = new Set<Promise<void>>();
      const own: Handle = async (received) => {
        const handled = handle(received);
        inHand.add(handled);
        await handled.finally(() => inHand.delete(handled));
      };
      group.handles.push(own);
      return {
        failed: new Promise(() => undefined),
        stop: async () => {
          const place = group.handles.indexOf(own);
          if (place >= 0) group.handles.splice(place, 1);
          if (group.handles.length === 0) {
            if (groups.get(name) === group) groups.delete(name);
            await group.lane.drop();
          }
          await Promise.allSettled(inHand);
        },
      };
    },
    recent: () => [...events.values()],
    close: async () => groups.clear(),
  };
}
