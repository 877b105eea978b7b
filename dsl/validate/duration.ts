/** Durations: an ISO 8601 text, an expression that gives one, or parts ("Duration"). */
import {
  durationMs,
  durationPartNames,
  InvalidDurationError,
  isoDurationProblem,
  parseIsoDuration,
} from '../duration.ts';
import { isJsonObject } from '../json.ts';
import { isMarkedExpression, templateText } from './expressions.ts';
import type { FindingCode } from './finding.ts';
import { report } from './place.ts';
import type { Rule } from './place.ts';
import { integer, object, textOrObject } from './rules.ts';

const fields = Object.fromEntries(durationPartNames.map((name) => [name, integer(0)]));
const parts = object({ title: 'a duration', fields, atLeastOne: true });

const boundedParts: Rule = (value, place) => {
  parts(value, place);
  if (!isJsonObject(value)) return;
  try {
    durationMs(value);
  } catch (error) {
    if (!(error instanceof InvalidDurationError)) throw error;
    // Wrong parts have findings of their own.
    if (/longer/.test(error.message)) report(place, 'value', error.message);
  }
};

const durationText: Rule = (value, place) => {
  if (typeof value !== 'string') return;
  if (isMarkedExpression(value)) return templateText(value, place);
  if (parseIsoDuration(value) !== undefined) return;
  const problem = isoDurationProblem(value);
  report(place, codeOf(problem), problem);
};

function codeOf(problem: string): FindingCode {
  if (/no fixed length/.test(problem)) return 'unsupported';
  return /longer/.test(problem) ? 'value' : 'format';
}

/** A duration in any of its forms. */
export const duration: Rule = textOrObject('a duration, a text or an object', durationText, boundedParts);
