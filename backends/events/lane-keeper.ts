/**
 * Divides the lanes of a group among its consumers by leases, for systems that do not do it themselves. A lease that is
 * not renewed in time runs out, and the lane goes to another consumer; who has more than a fair share gives up the rest.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { fairShare } from './event-lanes.ts';

/** How long a lease lasts that nobody renews, in milliseconds: so long a killed consumer's lanes wait. */
export const leaseMs = 10_000;

/** How often leases are renewed and lanes are looked for, in milliseconds. */
const beatMs = 2_000;

/** Where the leases of one group lie, as one of its members sees them. */
export interface LaneLeases {
  /** Renews this member's place in the group and its leases; resolves to what there is then. */
  beat(): Promise<GroupState>;
  /** Resolves to whether the lane is this member's now: another may have been faster. */
  take(lane: number): Promise<boolean>;
  release(lane: number): Promise<void>;
  /** Gives up this member's place in the group. */
  resign(): Promise<void>;
}

export interface GroupState {
  /** Consumers of the group, this one included. */
  readonly members: number;
  /** Lanes that are this member's, those of its last connection included. */
  readonly mine: ReadonlySet<number>;
  readonly free: readonly number[];
}

/** What a consumer does at a lane while it is its own. */
export interface HeldLane {
  /** Events in line or in hand. */
  readonly size: number;
  /** Tells the system that the events in hand are still in work. Called at every beat. */
  beat(): void;
  /** Takes nothing more; resolves when the handlers that run have ended and the rest went back. */
  leave(): Promise<void>;
  /** The lease has run out or the connection is lost: another may have the lane already. */
  abandon(): void;
}

/**
 * Whether the lease surely lasts for so many milliseconds yet. It may not where beats fail, or the process stood still:
 * then another may have the lane before the next beat says so.
 */
export type Lasts = (ms: number) => boolean;

export interface LaneKeeper {
  /** Leaves every lane, each with its lease kept until its handlers have ended. */
  stop(): Promise<void>;
  /** Abandons every lane, at the end of a connection. */
  abandon(): void;
}

export interface KeeperOptions {
  readonly lanes: number;
  readonly leases: LaneLeases;
  readonly open: (lane: number, lasts: Lasts) => HeldLane;
  /** Told when the leases could not be renewed for so long that they have run out. */
  readonly onFailure: (reason: unknown) => void;
  /** In milliseconds; for tests. */
  readonly pace?: { readonly beatMs: number; readonly leaseMs: number };
}

/** Resolves when this member is in the group and has the lanes that it can have. Fails as `beat` does. */
export async function keepLanes({
  lanes,
  leases,
  open,
  onFailure,
  pace = { beatMs, leaseMs },
}: KeeperOptions): Promise<LaneKeeper> {
  const held = new Map<number, HeldLane>();
  const leaving = new Map<number, { readonly lane: HeldLane; readonly done: Promise<void> }>();
  const ended = new AbortController();
  let isStopping = false;
  let renewedAt = 0;

  async function beat(): Promise<void> {
    const asked = performance.now();
    const { members, mine, free } = await leases.beat();
    renewedAt = asked;
    if (ended.signal.aborted) return;
    drop((number) => !mine.has(number));
    for (const lane of [...held.values(), ...[...leaving.values()].map(({ lane }) => lane)]) lane.beat();
    for (const number of mine) if (!held.has(number) && !leaving.has(number)) hold(number);
    const share = isStopping ? 0 : fairShare(lanes, members);
    const idlest = [...held].toSorted(([, one], [, other]) => one.size - other.size);
    for (const [number, lane] of idlest.slice(0, Math.max(0, held.size - share))) leave(number, lane);
    for (const number of shuffled(free)) {
      if (isStopping || held.size + leaving.size >= share) return;
      if (await leases.take(number)) hold(number);
    }
  }

  function lasts(ms: number): boolean {
    return performance.now() + ms < renewedAt + pace.leaseMs;
  }

  function hold(number: number): void {
    if (!ended.signal.aborted) held.set(number, open(number, lasts));
  }

  /** Abandons the lanes that are no longer this member's. */
  function drop(isLost: (number: number) => boolean): void {
    for (const [number, lane] of held) {
      if (!isLost(number)) continue;
      held.delete(number);
      lane.abandon();
    }
    for (const [number, { lane }] of leaving) {
      if (!isLost(number)) continue;
      leaving.delete(number);
      lane.abandon();
    }
  }

  function leave(number: number, lane: HeldLane): void {
    held.delete(number);
    const done = lane.leave().then(async () => {
      if (leaving.get(number)?.lane !== lane) return;
      // One that cannot be released runs out.
      await leases.release(number).catch(() => undefined);
      leaving.delete(number);
    });
    leaving.set(number, { lane, done });
  }

  async function keepBeating(): Promise<void> {
    for (;;) {
      await delay(pace.beatMs, undefined, { signal: ended.signal }).catch(() => undefined);
      if (ended.signal.aborted) return;
      try {
        await beat();
      } catch (error) {
        // A beat before the end: what was taken by then is in nobody else's hands.
        if (performance.now() - renewedAt < pace.leaseMs - pace.beatMs) continue;
        abandon();
        onFailure(error);
      }
    }
  }

  function abandon(): void {
    ended.abort();
    drop(() => true);
  }

  try {
    await beat();
  } catch (error) {
    abandon();
    throw error;
  }
  const beating = keepBeating();
  return {
    abandon,
    stop: async () => {
      isStopping = true;
      for (const [number, lane] of held) leave(number, lane);
      await Promise.all([...leaving.values()].map(({ done }) => done));
      const wasAlive = !ended.signal.aborted;
      ended.abort();
      await beating;
      // What a beat had just taken.
      for (const [number, lane] of held) leave(number, lane);
      await Promise.all([...leaving.values()].map(({ done }) => done));
      if (wasAlive) await leases.resign().catch(() => undefined);
    },
  };
}

/** Members that start together then ask for different lanes first. */
function shuffled(lanes: readonly number[]): readonly number[] {
  return lanes
    .map((lane) => ({ lane, at: Math.random() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ lane }) => lane);
}
