import { createBalancer } from './balance.ts';
import type { Balancer, Outcome } from './balance.ts';

interface Simulated {
  readonly id: string;
}

/** Numbers that look random and are the same each time. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

const instances: readonly Simulated[] = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];
const nobody: ReadonlySet<string> = new Set();

describe('the balance of calls', () => {
  let time: number;
  let balancer: Balancer<Simulated>;
  let ejections: [string, number][];

  beforeEach(() => {
    time = 1_000;
    ejections = [];
    balancer = createBalancer({
      now: () => time,
      random: sequence(7),
      ejected: (id, milliseconds) => ejections.push([id, milliseconds]),
    });
  });

  /** One call after the other; how many each instance got. */
  function call(
    count: number,
    latency: (id: string) => number,
    outcome: (id: string) => Outcome = () => 'answered',
    among = instances,
  ): Record<string, number> {
    const counts: Record<string, number> = {};
    for (let done = 0; done < count; done++) {
      const turn = balancer.pick(among, nobody);
      if (turn === undefined) throw new Error('no instance');
      const { id } = turn.instance;
      counts[id] = (counts[id] ?? 0) + 1;
      time += latency(id);
      turn.ended(outcome(id));
    }
    return counts;
  }

  it('is even among equals, also where their milliseconds differ by chance', () => {
    const chance = sequence(3);
    const counts = call(1_000, () => 1 + 8 * chance());
    for (const { id } of instances) {
      expect(counts[id]).toBeGreaterThan(300);
      expect(counts[id]).toBeLessThan(367);
    }
  });

  it('is even among calls that overlap', () => {
    const counts: Record<string, number> = {};
    const open: (() => void)[] = [];
    for (let done = 0; done < 900; done++) {
      const turn = balancer.pick(instances, nobody);
      const id = turn?.instance.id ?? '';
      counts[id] = (counts[id] ?? 0) + 1;
      open.push(() => turn?.ended('answered'));
      if (open.length > 30) open.shift()?.();
      time += 1;
    }
    for (const { id } of instances) expect(Math.abs((counts[id] ?? 0) - 300)).toBeLessThan(30);
  });

  it('spares a slow instance, and tries it again when what it was is long ago', () => {
    const isSlow = (id: string): number => (id === 'b' ? 300 : 3);
    const counts = call(1_000, isSlow);
    expect(counts.b).toBeLessThan(20);
    expect(counts.a).toBeGreaterThan(400);
    time += 60_000;
    expect(call(1_000, () => 3).b).toBeGreaterThan(300);
  });

  it('gives a new instance its share at once, and no more', () => {
    const old = instances.slice(0, 2);
    call(
      100,
      () => 200,
      () => 'answered',
      old,
    );
    const open: string[] = [];
    for (let done = 0; done < 30; done++) open.push(balancer.pick(instances, nobody)?.instance.id ?? '');
    const share = open.filter((id) => id === 'c').length;
    expect(share).toBeGreaterThanOrEqual(8);
    expect(share).toBeLessThanOrEqual(12);
  });

  it('prefers the instance with fewer calls under way', () => {
    const busy = balancer.pick([{ id: 'a' }], nobody);
    const pair = [{ id: 'a' }, { id: 'b' }];
    const other = balancer.pick(pair, nobody);
    expect(busy?.instance.id).toBe('a');
    expect(other?.instance.id).toBe('b');
  });

  it('spares an instance that answers with errors', () => {
    const outcome = (id: string): Outcome => (id === 'c' ? 'error' : 'answered');
    expect(call(1_000, () => 3, outcome).c).toBeLessThan(50);
    expect(ejections).toEqual([]);
  });

  it('spares an instance that fails, which alone would be ejected', () => {
    const outcome = (id: string): Outcome => (id === 'a' ? 'failed' : 'answered');
    expect(call(100, () => 3, outcome).a).toBeLessThan(4);
  });

  it('ejects an instance that fails three times in a row, for longer each time, up to a minute', () => {
    const failed = (): Outcome => 'failed';
    call(2, () => 3, failed, [{ id: 'a' }]);
    expect(ejections).toEqual([]);
    call(1, () => 3, failed, [{ id: 'a' }]);
    expect(ejections).toEqual([['a', 1_000]]);
    expect(call(30, () => 3).a).toBeUndefined();
    for (const milliseconds of [2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]) {
      // Nobody else is there to be better.
      time += ejections.at(-1)?.[1] ?? 0;
      call(1, () => 3, failed, [{ id: 'a' }]);
      expect(ejections.at(-1)).toEqual(['a', milliseconds]);
    }
  });

  it('ejects at once an instance where nobody is', () => {
    const outcome = (id: string): Outcome => (id === 'a' ? 'unreachable' : 'answered');
    const counts = call(100, () => 3, outcome);
    expect(counts.a).toBe(1);
    expect(ejections).toEqual([['a', 1_000]]);
  });

  it('takes calls that fail together as one reason to eject', () => {
    const turns = Array.from({ length: 12 }, () => balancer.pick([{ id: 'a' }], nobody));
    for (const turn of turns) turn?.ended('failed');
    expect(ejections).toEqual([['a', 1_000]]);
  });

  it('begins anew with an instance that stayed well for as long as it was out', () => {
    const once = (outcome: Outcome): unknown =>
      call(
        1,
        () => 1,
        () => outcome,
        [{ id: 'a' }],
      );
    once('unreachable');
    time += 1_000;
    once('unreachable');
    expect(ejections.at(-1)).toEqual(['a', 2_000]);
    time += 2_000;
    once('answered');
    once('unreachable');
    expect(ejections.at(-1)).toEqual(['a', 4_000]);
    time += 8_100;
    once('answered');
    once('unreachable');
    expect(ejections.at(-1)).toEqual(['a', 1_000]);
  });

  it('uses ejected instances where there are no others', () => {
    const outcome = (): Outcome => 'unreachable';
    call(3, () => 1, outcome);
    expect(ejections.map(([id]) => id).toSorted()).toEqual(['a', 'b', 'c']);
    expect(balancer.pick(instances, nobody)).toBeDefined();
  });

  it('gives none that was tried', () => {
    expect(balancer.pick(instances, new Set(['a', 'c']))?.instance.id).toBe('b');
    expect(balancer.pick(instances, new Set(['a', 'b', 'c']))).toBeUndefined();
    expect(balancer.pick([], nobody)).toBeUndefined();
  });

  it('holds nothing against an instance that comes back with a new id, or after it was gone', () => {
    call(
      10,
      () => 3,
      () => 'unreachable',
      [{ id: 'a' }],
    );
    const count = ejections.length;
    call(
      1,
      () => 3,
      () => 'answered',
      [{ id: 'b' }],
    );
    call(
      1,
      () => 3,
      () => 'unreachable',
      [{ id: 'a' }],
    );
    expect(ejections.length).toBe(count + 1);
    expect(ejections.at(-1)).toEqual(['a', 1_000]);
  });

  it('learns nothing from calls that were given up', () => {
    call(
      10,
      () => 500,
      () => 'given-up',
      [{ id: 'a' }],
    );
    expect(ejections).toEqual([]);
    expect(call(1_000, () => 3).a).toBeGreaterThan(300);
  });
});
