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
  /** Events that are in the handler's hands at once, at most. */
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

/** The events of one key. The first ones are tried, or wait for their next try; the others wait for them. */
interface Line {
  /** Absent for the line of an event that has none, and is alone in it. */
  readonly key?: string;
  readonly items: Item[];
}

/** Events of one key that are handed over together, at most. */
const mostTogether = 64;

/** One key gets this part of what may be in hand, so that keys go side by side: while others wait, and else. */
const partOfOne = 1 / 8;
const partOfOnly = 1 / 2;

// How long an event waits to be handed over again, in milliseconds, by how often it was.
const pauseMs = (attempt: number): number => Math.min(5_000, 50 * 2 ** Math.min(attempt, 7));

/**
 * Hands over what waits of a key together, as far as there is room. Events whose handler rejected keep back their key and
 * nothing else: while they wait, others have their place.
 */
export function createKeyedWork({ concurrency, handle }: KeyedWorkOptions): KeyedWork {
  const lines = new Map<string, Line>();
  const ready: Line[] = [];
  const lanes = new Set<LaneState>();
  let running = 0;
  let isPaused = false;
  let isLooking = false;
  let quiet: PromiseWithResolvers<void> | undefined;

  /** Begins what there is room for, once everything that comes in the same go stands in line. */
  function next(): void {
    if (isLooking) return;
    isLooking = true;
    queueMicrotask(() => {
      isLooking = false;
      while (!isPaused && running < concurrency) {
        const line = ready.shift();
        if (line === undefined) return;
        const group = nextOf(line);
        // Whoever takes less than it would get makes it still less for the next one, until each has one event.
        if (group.length > concurrency - running) return void ready.unshift(line);
        begin(line, group);
      }
    });
  }

  /** What is to be handed over of a line that has its turn. */
  function nextOf({ items }: Line): readonly Item[] {
    const part = ready.length === 0 ? partOfOnly : partOfOne;
    const most = Math.min(mostTogether, Math.ceil(concurrency * part));
    return items.filter(({ state }) => state === 'waiting').slice(0, most);
  }

  function begin(line: Line, group: readonly Item[]): void {
    const [first, ...rest] = group;
    if (first === undefined) return goOn(line);
    for (const item of group) {
      item.state = 'running';
      item.lane.running += 1;
    }
    running += group.length;
    const received = {
      content: first.content,
      attempt: first.attempt,
      ...(rest.length === 0 ? {} : { following: rest.map(({ content }) => content) }),
    };
    // A handler may throw at once.
    void Promise.resolve(received)
      .then(handle)
      .then(
        () => leave(line, group, true),
        // The handler has said why; here it is only tried again.
        () => leave(line, group, false),
      );
  }

  function leave(line: Line, group: readonly Item[], isDone: boolean): void {
    running -= group.length;
    for (const item of group) {
      item.lane.running -= 1;
      if (isDone || item.lane.isDropped) end(item, isDone);
      else item.state = 'waiting';
    }
    const again = group.filter(({ state }) => state === 'waiting');
    if (again.length === 0) goOn(line);
    else setTimeout(() => goOn(line), pauseMs(group[0]?.attempt ?? 1)).unref();
    for (const item of again) item.attempt += 1;
    for (const { lane } of group) if (lane.running === 0) lane.idle?.resolve();
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

  /** Puts the line in turn again, if anything of it is left. */
  function goOn(line: Line): void {
    const { key, items } = line;
    items.splice(0, items.length, ...items.filter(({ state }) => state !== 'ended'));
    if (items.length > 0) enter(line);
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
            const key = keyOf(content);
            if (key === undefined) return enter({ items: [item] });
            const line = lines.get(key);
            if (line !== undefined) return void line.items.push(item);
            const begun = { key, items: [item] };
            lines.set(key, begun);
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

/** The key of an event; undefined for what has none, which nothing waits for. */
function keyOf(content: Json): string | undefined {
  if (!isJsonObject(content)) return undefined;
  const { partitionkey, source } = content;
  if (typeof partitionkey === 'string') return partitionkey;
  return typeof source === 'string' ? source : undefined;
}
