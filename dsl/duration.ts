/** Durations of the language: ISO 8601 texts and objects of parts ("Duration" in the reference). */
import type { Duration, DurationParts } from './types.ts';

const unitMs = {
  weeks: 604_800_000,
  days: 86_400_000,
  hours: 3_600_000,
  minutes: 60_000,
  seconds: 1_000,
  milliseconds: 1,
} as const;

const isoDuration =
  /^P(?!$)(?:(?<weeks>\d+(?:\.\d+)?)W)?(?:(?<days>\d+(?:\.\d+)?)D)?(?:T(?=\d)(?:(?<hours>\d+(?:\.\d+)?)H)?(?:(?<minutes>\d+(?:\.\d+)?)M)?(?:(?<seconds>\d+(?:\.\d+)?)S)?)?$/;

const calendarDuration = /^P(?:\d+(?:\.\d+)?[YM])/;

/** The longest duration that is let through: 100 years. Longer ones overflow timers and are always a mistake. */
const maxDurationMs = 36_525 * unitMs.days;

/** The names of the parts of a duration object, longest first. */
export const durationPartNames = [
  'days',
  'hours',
  'minutes',
  'seconds',
  'milliseconds',
] as const satisfies readonly (keyof DurationParts)[];

/** Thrown for a value that is no duration; the message is for the author of the definition. */
export class InvalidDurationError extends Error {
  override readonly name = 'InvalidDurationError';
}

/**
 * The milliseconds of an ISO 8601 duration, rounded, or undefined where the text is none. Weeks, days, hours, minutes
 * and seconds are read, each with an optional fraction. Years and months are refused although the specification's
 * pattern lets them through: they have no fixed length, and a timer needs one.
 */
export function parseIsoDuration(text: string): number | undefined {
  const parts = isoDuration.exec(text)?.groups;
  if (parts === undefined) return undefined;
  let total = 0;
  for (const unit of ['weeks', 'days', 'hours', 'minutes', 'seconds'] as const) {
    total += Number(parts[unit] ?? 0) * unitMs[unit];
  }
  return total <= maxDurationMs ? Math.round(total) : undefined;
}

/**
 * The milliseconds of a literal or already evaluated duration. Throws {@link InvalidDurationError} for text that is no
 * ISO 8601 duration, for parts that are no whole numbers from 0, and for more than 100 years.
 */
export function durationMs(duration: Duration): number {
  if (typeof duration !== 'string') return partsMs(duration);
  const milliseconds = parseIsoDuration(duration);
  if (milliseconds === undefined) throw new InvalidDurationError(isoDurationProblem(duration));
  return milliseconds;
}

/** What keeps a text from being a duration, in words. */
export function isoDurationProblem(text: string): string {
  if (calendarDuration.test(text)) {
    return `the duration "${text}" counts years or months, which have no fixed length; write it in weeks or days`;
  }
  if (isoDuration.test(text)) return `the duration "${text}" is longer than 100 years`;
  return `expected an ISO 8601 duration such as "PT30S" or "P1DT12H", found ${JSON.stringify(text)}`;
}

function partsMs(parts: DurationParts): number {
  let total = 0;
  for (const [name, amount] of Object.entries(parts as Readonly<Record<string, unknown>>)) {
    const unit = durationPartNames.find((known) => known === name);
    if (unit === undefined) throw new InvalidDurationError(`a duration has no part "${name}"`);
    if (typeof amount !== 'number' || !Number.isInteger(amount) || amount < 0) {
      throw new InvalidDurationError(
        `the ${name} of a duration must be a whole number from 0, found ${JSON.stringify(amount)}`,
      );
    }
    total += amount * unitMs[unit];
  }
  if (total > maxDurationMs) throw new InvalidDurationError('the duration is longer than 100 years');
  return total;
}
