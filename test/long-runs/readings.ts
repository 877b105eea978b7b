/** Events that some sensors send, each in its order and some of them twice, and what must have come of them. */
import { randomFrom } from '../random.ts';
import type { CloudEvent } from '../../workflows/contract.ts';
import { sendPaced } from './paced.ts';

export const readingType = 'long.reading';

/** As the listener gives it: the sensor's number, and the number of its reading. */
export type Reading = readonly [sensor: number, n: number];

export interface Sensors {
  readonly sensors: number;
  /** Of all sensors together. */
  readonly perSecond: number;
  readonly seconds: number;
  /** Says which events are sent again, and when. */
  readonly seed: number;
}

// A tenth of all, within so many others of the same sensor: an execution knows the last 2,000 events that it took.
const repeated = 0.1;
const mostBetween = 200;

const perSensor = ({ sensors, perSecond, seconds }: Sensors): number => (perSecond * seconds) / sensors;

/** Sends everything: each sensor one call of `send` after the other. Resolves when all have been taken. */
export async function sendReadings(
  plan: Sensors,
  send: (due: readonly CloudEvent[]) => Promise<void>,
): Promise<void> {
  const random = randomFrom(plan.seed);
  const lanes = Array.from({ length: plan.sensors }, (_, sensor) =>
    eventsOf(sensor, perSensor(plan), random),
  );
  const perLane = (plan.perSecond / plan.sensors) * (1 + repeated);
  await Promise.all(lanes.map((events) => sendPaced(events, perLane, send)));
}

function eventsOf(sensor: number, count: number, random: () => number): readonly CloudEvent[] {
  const first = Array.from({ length: count }, (_, n) => ({ at: n, event: reading([sensor, n]) }));
  const again = first
    .filter(() => random() < repeated)
    .map(({ at, event }) => ({ at: at + random() * mostBetween, event }));
  return [...first, ...again].sort((left, right) => left.at - right.at).map(({ event }) => event);
}

function reading([sensor, n]: Reading): CloudEvent {
  return {
    specversion: '1.0',
    id: `r-${n}`,
    source: `https://sensors.test/${sensor}`,
    type: readingType,
    data: [sensor, n],
  };
}

/** What must come of it, by sensor: each reading once, in order. */
export function expectedOf(plan: Sensors): readonly (readonly number[])[] {
  return Array.from({ length: plan.sensors }, () => [...Array.from({ length: perSensor(plan) }).keys()]);
}

/** The readings of each sensor, in the order in which they were acted on. */
export function bySensor(readings: readonly Reading[], sensors: number): readonly (readonly number[])[] {
  return Array.from({ length: sensors }, (_, sensor) =>
    readings.filter(([from]) => from === sensor).map(([, n]) => n),
  );
}
