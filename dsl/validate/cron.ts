/** Cron expressions: five fields, or one of the names for common ones ("Schedule"). */
import { describeValue, orList, quote } from '../wording.ts';
import { report } from './place.ts';
import type { Rule } from './place.ts';
import { reportType } from './rules.ts';

interface CronField {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** What may be written for the numbers from `least` on. */
  readonly names?: readonly string[];
}

const fields: readonly CronField[] = [
  { name: 'minute', least: 0, most: 59 },
  { name: 'hour', least: 0, most: 23 },
  { name: 'day of the month', least: 1, most: 31 },
  { name: 'month', least: 1, most: 12, names: 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ') },
  // Sunday is 0 and 7.
  { name: 'day of the week', least: 0, most: 7, names: 'sun mon tue wed thu fri sat'.split(' ') },
];

const nicknames = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];

/** A cron expression, in UTC. */
export const cron: Rule = (value, place) => {
  if (typeof value !== 'string') return reportType(value, place, 'a cron expression, a text');
  const problem = cronProblem(value.trim());
  if (problem !== undefined) report(place, 'format', problem);
};

function cronProblem(text: string): string | undefined {
  if (text.startsWith('@')) {
    return nicknames.includes(text)
      ? undefined
      : `expected a cron expression or ${orList(nicknames)}, found ${quote(text)}`;
  }
  const parts = text === '' ? [] : text.split(/\s+/);
  if (parts.length !== fields.length) {
    return `a cron expression has five fields (minute, hour, day of the month, month, day of the week), found ${parts.length === 0 ? describeValue(text) : parts.length}`;
  }
  for (const [index, field] of fields.entries()) {
    const part = parts[index] ?? '';
    if (!part.split(',').every((item) => isItem(item, field))) {
      return `the ${field.name} of a cron expression is * or a list of numbers from ${field.least} to ${field.most}, ranges and steps; found ${quote(part)}`;
    }
  }
  return undefined;
}

/** `*`, a number or a range, each with a step after `/` if wanted. */
function isItem(item: string, field: CronField): boolean {
  const [range = '', step, ...more] = item.split('/');
  if (more.length > 0) return false;
  if (step !== undefined && !(/^\d+$/.test(step) && Number(step) > 0)) return false;
  if (range === '*') return true;
  const ends = range.split('-').map((end) => numberOf(end, field));
  const [first, last = first] = ends;
  return ends.length <= 2 && first !== undefined && last !== undefined && first <= last;
}

function numberOf(text: string, { least, most, names = [] }: CronField): number | undefined {
  const named = names.indexOf(text.toLowerCase());
  if (named >= 0) return named + least;
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  return number >= least && number <= most ? number : undefined;
}
