/**
 * Chooses among the instances of one service: the better one of two at random, by latency, errors and calls under way.
 * Pure logic; each process has its own view.
 */

/** What the balancer has to know of an instance: one that has a new id is another one. */
export interface Balanced {
  readonly id: string;
}

/**
 * How a call of an instance ended, as far as that says something about the instance:
 *
 * - `answered`: well, or with an error that is the caller's
 * - `error`: it answered that it failed
 * - `failed`: no answer, or one that says it cannot work (502, 503, 504)
 * - `unreachable`: nobody was there
 * - `given-up`: the caller wanted no answer any more
 */
export type Outcome = 'answered' | 'error' | 'failed' | 'unreachable' | 'given-up';

/** A call of the instance that was chosen; `ended` has to be called once. */
export interface Turn<Instance> {
  readonly instance: Instance;
  ended(outcome: Outcome): void;
}

export interface Balancer<Instance extends Balanced> {
  /** One of the instances that are not in `tried`; undefined where there is none left. */
  pick(instances: readonly Instance[], tried: ReadonlySet<string>): Turn<Instance> | undefined;
}

export interface BalancerOptions {
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
  /** A number from 0 up to 1. */
  readonly random: () => number;
  /** Learns that an instance gets no calls for this time. */
  readonly ejected?: (id: string, milliseconds: number) => void;
}

interface Record {
  /** Averages that follow the last calls more than the first; they fade while no call comes. */
  latencyMs: number;
  errorShare: number;
  measuredAt: number;
  inFlight: number;
  /** Calls count from 1; 0 is never. */
  lastPick: number;
  failuresInRow: number;
  ejections: number;
  ejectedUntil: number;
  ejectedForMs: number;
}

/** Weight of the newest call in an average. */
const newest = 0.2;
/** After this time without a call, two thirds of an average are forgotten: an instance that was slow gets its try. */
const fadeMs = 10_000;
/** Added to each latency: among fast instances the milliseconds in between are chance. */
const floorMs = 10;
/** One that answers only errors counts as this many times as slow, and once more. */
const errorPenalty = 8;
/** Instances whose loads are not further apart than this are equally good. */
const sameLoad = 2;
const failuresUntilEjected = 3;
const firstEjectionMs = 1_000;
const longestEjectionMs = 60_000;

/** A balancer that knows nothing yet. */
export function createBalancer<Instance extends Balanced>(options: BalancerOptions): Balancer<Instance> {
  const { now, random, ejected } = options;
  const records = new Map<string, Record>();
  let known: readonly Instance[] = [];
  let picks = 0;

  const recordOf = ({ id }: Instance): Record => {
    const found = records.get(id);
    if (found !== undefined) return found;
    const made = newRecord();
    records.set(id, made);
    return made;
  };

  function candidates(instances: readonly Instance[], tried: ReadonlySet<string>): readonly Instance[] {
    const untried = instances.filter(({ id }) => !tried.has(id));
    const time = now();
    const well = untried.filter((instance) => recordOf(instance).ejectedUntil <= time);
    // Where all are ejected, a call that may fail is better than one that does.
    return well.length > 0 ? well : untried;
  }

  function choose(among: readonly Instance[]): Instance | undefined {
    if (among.length < 2) return among[0];
    const first = Math.floor(random() * among.length);
    const step = 1 + Math.floor(random() * (among.length - 1));
    const [a, b] = [among[first], among[(first + step) % among.length]];
    if (a === undefined || b === undefined) return a ?? b;
    return isBetter(recordOf(b), recordOf(a), now()) ? b : a;
  }

  function forgetOthers(instances: readonly Instance[]): void {
    if (instances === known) return;
    known = instances;
    const ids = new Set(instances.map(({ id }) => id));
    for (const id of records.keys()) if (!ids.has(id)) records.delete(id);
  }

  return {
    pick(instances, tried) {
      forgetOthers(instances);
      const instance = choose(candidates(instances, tried));
      if (instance === undefined) return undefined;
      const record = recordOf(instance);
      const begun = now();
      record.inFlight += 1;
      record.lastPick = picks += 1;
      return {
        instance,
        ended(outcome) {
          record.inFlight -= 1;
          const time = now();
          const isOut = learn(record, outcome, time, time - begun);
          if (isOut) ejected?.(instance.id, record.ejectedForMs);
        },
      };
    },
  };
}

function newRecord(): Record {
  return {
    latencyMs: 0,
    errorShare: 0,
    measuredAt: Number.NEGATIVE_INFINITY,
    inFlight: 0,
    lastPick: 0,
    failuresInRow: 0,
    ejections: 0,
    ejectedUntil: Number.NEGATIVE_INFINITY,
    ejectedForMs: 0,
  };
}

function isBetter(one: Record, other: Record, time: number): boolean {
  // Of one that has not answered yet nothing is known: it is to have its share, and not all calls at once.
  if (isMeasured(one) && isMeasured(other)) {
    const [load, otherLoad] = [loadOf(one, time), loadOf(other, time)];
    if (load * sameLoad < otherLoad) return true;
    if (otherLoad * sameLoad < load) return false;
  }
  if (one.inFlight !== other.inFlight) return one.inFlight < other.inFlight;
  return one.lastPick < other.lastPick;
}

function isMeasured({ measuredAt }: Record): boolean {
  return measuredAt > Number.NEGATIVE_INFINITY;
}

function loadOf(record: Record, time: number): number {
  const left = fading(record, time);
  const errors = 1 + errorPenalty * record.errorShare * left;
  return (record.latencyMs * left + floorMs) * errors * (record.inFlight + 1);
}

function fading({ measuredAt }: Record, time: number): number {
  return Math.exp((measuredAt - time) / fadeMs);
}

/** Whether that ejects it. */
function learn(record: Record, outcome: Outcome, time: number, tookMs: number): boolean {
  if (outcome === 'given-up') return false;
  const old = fading(record, time) * (1 - newest);
  record.errorShare = record.errorShare * old + (outcome === 'answered' ? 0 : 1 - old);
  // Nobody there is quickly known, which is no speed.
  if (outcome !== 'unreachable') record.latencyMs = record.latencyMs * old + tookMs * (1 - old);
  record.measuredAt = time;
  if (outcome === 'answered' || outcome === 'error') {
    record.failuresInRow = 0;
    // It has been well for as long as it was out.
    if (time >= record.ejectedUntil + record.ejectedForMs) record.ejections = 0;
    return false;
  }
  record.failuresInRow += outcome === 'unreachable' ? failuresUntilEjected : 1;
  // Calls that were under way together fail together: that is one reason to eject, and not many.
  if (record.failuresInRow < failuresUntilEjected || record.ejectedUntil > time) return false;
  record.ejectedForMs = Math.min(firstEjectionMs * 2 ** record.ejections, longestEjectionMs);
  record.ejectedUntil = time + record.ejectedForMs;
  record.ejections += 1;
  return true;
}
