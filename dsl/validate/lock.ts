/** The lock that a task holds while it runs, an extension of Perdure's: `metadata.lock`. */
import { durationMs, InvalidDurationError } from '../duration.ts';
import { isJsonObject } from '../json.ts';
import type { Json } from '../json.ts';
import { lockKeyProblem, lockTtlProblem } from '../lock.ts';
import { duration } from './duration.ts';
import { isLiteralText, isMarkedExpression, templateText } from './expressions.ts';
import { report } from './place.ts';
import type { Rule } from './place.ts';
import { object } from './rules.ts';

const key: Rule = (value, place) => {
  templateText(value, place);
  if (typeof value !== 'string' || !isLiteralText(value)) return;
  const problem = lockKeyProblem(value);
  if (problem !== undefined) report(place, 'value', problem);
};

const ttl: Rule = (value, place) => {
  duration(value, place);
  const milliseconds = literalMs(value);
  const problem = milliseconds === undefined ? undefined : lockTtlProblem(milliseconds);
  if (problem !== undefined) report(place, 'value', problem);
};

/** The milliseconds of a duration that is written out; undefined for an expression, and for what is no duration. */
function literalMs(value: Json): number | undefined {
  const isDuration = isJsonObject(value) || (typeof value === 'string' && !isMarkedExpression(value));
  if (!isDuration) return undefined;
  try {
    return durationMs(value);
  } catch (error) {
    if (error instanceof InvalidDurationError) return undefined;
    throw error;
  }
}

/** A lock. */
export const lock: Rule = object({
  title: 'a lock',
  required: ['key'],
  fields: { key, ttl, wait: duration },
});
