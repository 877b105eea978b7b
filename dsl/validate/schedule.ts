/** What starts executions beside a request ("Schedule"). */
import { durationMs, InvalidDurationError } from '../duration.ts';
import { isJsonObject } from '../json.ts';
import type { Json } from '../json.ts';
import { cron } from './cron.ts';
import { duration } from './duration.ts';
import { consumption } from './event.ts';
import { report } from './place.ts';
import type { Rule } from './place.ts';
import { all, object, oneOf } from './rules.ts';

const starters = ['every', 'cron', 'after', 'on'] as const;

const interval: Rule = (value, place) => {
  duration(value, place);
  const milliseconds = literalMs(value);
  if (milliseconds !== undefined && milliseconds < 1_000)
    report(place, 'value', 'executions are started at most once a second; write a longer duration');
};

/** The length of a duration that is written out, or undefined. */
function literalMs(value: Json): number | undefined {
  if (typeof value !== 'string' && !isJsonObject(value)) return undefined;
  try {
    return durationMs(value);
  } catch (error) {
    if (error instanceof InvalidDurationError) return undefined;
    throw error;
  }
}

const somethingStarts: Rule = (value, place) => {
  if (!isJsonObject(value)) return;
  if (value.read !== undefined && value.on === undefined) {
    report(place, 'missing', 'a schedule with "read" needs the field "on"');
  } else if (Object.keys(value).length === 0) {
    report(place, 'missing', `a schedule needs one of the fields ${starters.join(', ')}`);
  }
};

/** `schedule` of a definition. No execution is there yet: its expressions see `$runtime` alone, and events. */
export const schedule: Rule = all(
  object({
    title: 'a schedule',
    fields: {
      every: interval,
      cron,
      after: interval,
      on: consumption,
      read: oneOf('data', 'envelope', 'raw'),
    },
  }),
  somethingStarts,
);
