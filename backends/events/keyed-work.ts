/** Runs a handler over events: those of one key in their order, those of different keys side by side. */
import { isJsonObject } from '../../dsl/json.ts';
import type { Json } from '../../dsl/json.ts';
import type { ReceivedEvent } from './port.ts';

/**
 * A part of the events that a consumer may lose to another one, such as a partition. Events of a key that come through
 * several lanes still wait for each other.
 */
export interface Lane {
  /**
   * Puts an event in line; `attempt` is the number of this delivery. Resolves to true once the handler has fulfilled,
   * however often it has to be tried, and to false when the event was given up before. Never rejects.
   */
  add(content: Json, attempt: number): Promise<boolean>;
  /** Gives up what waits, and resolves when the handlers of this lane that run have ended. Takes nothing any more. */
  drop(): Promise<void>;
  /** Events that are in line or in hand. */
  readonly size: number;
}

export interface KeyedWork {
  lane(): Lane;
  /** Begins no handler until `resume`; those that run go on. */
  pause(): void;
  resume(): void;
  /** Resolves when no handler runs. */
  settled(): Promise<void>;
  /** Drops every lane. */
  stop(): Promise<void>;
}

export interface KeyedWorkOptions {
  /** Handlers that run at once, at most. */
  readonly concurrency: number;
  readonly handle: (received: ReceivedEvent) => Promise<void>;
}

interface Item {
  readonly content: Json;
  readonly lane: LaneState;
  readonly resolve: (isDone: boolean) => void;
  attempt: number;
  state: 'waiting' | 'running' | 'ended';
}

interface LaneState {
  readonly items: Set<Item>;
  running: number;
  isDropped: boolean;
  idle?: PromiseWithResolvers<void>;
}

/** The events of one key. The first one is tried, or waits for its next try; the others wait for it. */
type Line = Item[];

// How long an event waits to be handed over again, in milliseconds, by how often it was.
const pauseMs = (attempt: number): number => Math.min(5_000, 50 * 2 ** Math.min(attempt, 7));

/** An event whose handler rejected keeps back its key and nothing else: while it waits, others have its place. */
export function createKeyedWork({ concurrency, handle }: KeyedWorkOptions): KeyedWork {
  const lines = new Map<string, Line>();
  const ready: Line[] = [];
  const lanes = new Set<LaneState>();
  let running = 0;
  let isPaused = false;
  let quiet: PromiseWithResolvers<void> | undefined;

  function next(): void {
    while (!isPaused && running < concurrency) {
      const line = ready.shift();
      if (line === undefined) return;
      begin(line);
    }
  }

  function begin(line: Line): void {
    const [item] = line;
    if (item === undefined) return;
    if (item.state === 'ended') return advance(line);
    item.state = 'running';
    item.lane.running += 1;
    running += 1;
    const { content, attempt } = item;
    // A handler may throw at once.
    void Promise.resolve({ content, attempt })
      .then(handle)
      .then(
        () => leave(line, item, true),
        // The handler has said why; here it is only tried again.
        () => leave(line, item, item.lane.isDropped ? false : undefined),
      );
  }

  function leave(line: Line, item: Item, outcome: boolean | undefined): void {
    running -= 1;
    item.lane.running -= 1;
    if (outcome === undefined) {
      item.state = 'waiting';
      const again = (): void => (item.state === 'ended' ? advance(line) : enter(line));
      setTimeout(again, pauseMs(item.attempt)).unref();
      item.attempt += 1;
    } else {
      end(item, outcome);
      advance(line);
    }
    if (item.lane.running === 0) item.lane.idle?.resolve();
    if (running === 0) {
      quiet?.resolve();
      quiet = undefined;
    }
    next();
  }

  function end(item: Item, outcome: boolean): void {
    item.state = 'ended';
    item.lane.items.delete(item);
    item.resolve(outcome);
  }

  /** Goes on to the next event of the key that was not given up. */
  function advance(line: Line): void {
    const key = keyOf(line);
    line.shift();
    while (line[0]?.state === 'ended') line.shift();
    if (line.length > 0) enter(line);
    else if (key !== undefined) lines.delete(key);
  }

  function enter(line: Line): void {
    ready.push(line);
    next();
  }

  async function drop(lane: LaneState): Promise<void> {
    lane.isDropped = true;
    lanes.delete(lane);
    for (const item of lane.items) if (item.state === 'waiting') end(item, false);
    if (lane.running === 0) return;
    lane.idle ??= Promise.withResolvers<void>();
    await lane.idle.promise;
  }

  return {
    lane() {
      const lane: LaneState = { items: new Set(), running: 0, isDropped: false };
      lanes.add(lane);
      return {
        add: (content, attempt) =>
          new Promise((resolve) => {
            if (lane.isDropped) return resolve(false);
            const item: Item = { content, lane, resolve, attempt, state: 'waiting' };
            lane.items.add(item);
            const key = keyOf([item]);
            const line = key === undefined ? undefined : lines.get(key);
            if (line !== undefined) return void line.push(item);
            const begun = [item];
            if (key !== undefined) lines.set(key, begun);
            enter(begun);
          }),
        drop: () => drop(lane),
        get size() {
          return lane.items.size;
        },
      };
    },
    pause: () => {
      isPaused = true;
    },
    resume: () => {
      isPaused = false;
      next();
    },
    async settled() {
      if (running === 0) return;
      quiet ??= Promise.withResolvers<void>();
      await quiet.promise;
    },
    stop: async () => void (await Promise.all([...lanes].map(drop))),
  };
}

/** The key of events; undefined for what has none, which nothing waits for. */
function keyOf([item]: readonly Item[]): string | undefined {
  const content = item?.content;
  if (!isJsonObject(content)) return undefined;
  const { partitionkey, source } = content;
  if (typeof partitionkey === 'string') return partitionkey;
  return typeof source === 'string' ? source : undefined;
}
