import { setTimeout as delay } from 'node:timers/promises';
import { keepLanes } from './lane-keeper.ts';
import type { HeldLane, LaneKeeper, LaneLeases } from './lane-keeper.ts';

const lanes = 5;
const pace = { beatMs: 5, leaseMs: 100 };

/** The leases of a group in memory: they last until their member is said to be dead. */
class Leases {
  readonly owners = new Map<number, string>();
  readonly members = new Set<string>();
  isAway = false;

  of(member: string): LaneLeases {
    const check = (): Promise<void> => (this.isAway ? Promise.reject(new Error('away')) : Promise.resolve());
    const numbers = [...Array(lanes).keys()];
    return {
      beat: async () => {
        await check();
        this.members.add(member);
        return {
          members: this.members.size,
          mine: new Set(numbers.filter((lane) => this.owners.get(lane) === member)),
          free: numbers.filter((lane) => !this.owners.has(lane)),
        };
      },
      take: async (lane) => {
        await check();
        if (this.owners.has(lane)) return false;
        this.owners.set(lane, member);
        return true;
      },
      release: async (lane) => {
        await check();
        this.owners.delete(lane);
      },
      resign: async () => {
        await check();
        this.members.delete(member);
      },
    };
  }

  died(member: string): void {
    this.members.delete(member);
    for (const [lane, owner] of this.owners) if (owner === member) this.owners.delete(lane);
  }
}

/** A member, and what its lanes were told. */
class Member {
  readonly open = new Set<number>();
  readonly abandoned: number[] = [];
  readonly left: number[] = [];
  failure: unknown;
  hand: Promise<void> = Promise.resolve();

  async join(leases: LaneLeases): Promise<LaneKeeper> {
    return await keepLanes({
      lanes,
      leases,
      pace,
      open: (lane) => this.hold(lane),
      onFailure: (reason) => (this.failure = reason),
    });
  }

  hold(lane: number): HeldLane {
    this.open.add(lane);
    return {
      size: lane,
      beat: () => undefined,
      leave: async () => {
        await this.hand;
        this.open.delete(lane);
        this.left.push(lane);
      },
      abandon: () => {
        this.open.delete(lane);
        this.abandoned.push(lane);
      },
    };
  }
}

async function until(isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error('it did not come to be');
    await delay(5);
  }
}

it('has every lane alone, and its share beside another, of which the idlest go', async () => {
  const leases = new Leases();
  const [ann, bob] = [new Member(), new Member()];
  const first = await ann.join(leases.of('ann'));
  expect(ann.open.size).toBe(lanes);
  const second = await bob.join(leases.of('bob'));
  await until(() => bob.open.size === 2);
  expect(ann.left.toSorted((one, other) => one - other)).toEqual([0, 1]);
  expect([...ann.open].toSorted((one, other) => one - other)).toEqual([2, 3, 4]);
  await first.stop();
  await until(() => bob.open.size === lanes);
  await second.stop();
  expect([leases.owners.size, leases.members.size]).toEqual([0, 0]);
  expect([...ann.abandoned, ...bob.abandoned]).toEqual([]);
});

it('takes over from a member that died', async () => {
  const leases = new Leases();
  const [ann, bob] = [new Member(), new Member()];
  const first = await ann.join(leases.of('ann'));
  const second = await bob.join(leases.of('bob'));
  await until(() => bob.open.size === 2);
  first.abandon();
  expect(ann.abandoned).toHaveLength(3);
  leases.died('ann');
  await until(() => bob.open.size === lanes);
  await second.stop();
});

it('abandons a lane whose lease is gone, and keeps the others', async () => {
  const leases = new Leases();
  const ann = new Member();
  const keeper = await ann.join(leases.of('ann'));
  leases.owners.set(3, 'bob');
  await until(() => ann.abandoned.length > 0);
  expect(ann.abandoned).toEqual([3]);
  expect([...ann.open].toSorted((one, other) => one - other)).toEqual([0, 1, 2, 4]);
  await keeper.stop();
  expect(leases.owners).toEqual(new Map([[3, 'bob']]));
});

it('keeps the lease while handlers end, and releases it behind them', async () => {
  const leases = new Leases();
  const ann = new Member();
  const keeper = await ann.join(leases.of('ann'));
  const hand = Promise.withResolvers<void>();
  ann.hand = hand.promise;
  const stopped = keeper.stop();
  await delay(50);
  expect(leases.owners.size).toBe(lanes);
  hand.resolve();
  await stopped;
  expect(leases.owners.size).toBe(0);
});

it('abandons every lane when the leases could not be renewed until they ran out', async () => {
  const leases = new Leases();
  const ann = new Member();
  const keeper = await ann.join(leases.of('ann'));
  leases.isAway = true;
  await until(() => ann.failure !== undefined);
  expect(String(ann.failure)).toContain('away');
  expect(ann.abandoned).toHaveLength(lanes);
  await keeper.stop();
});

it('fails to begin where there is no first beat', async () => {
  const leases = new Leases();
  leases.isAway = true;
  await expect(new Member().join(leases.of('ann'))).rejects.toThrow('away');
});
