import type { Json } from '../../json.ts';
import { formatTime, parseTime } from '../time-format.ts';
import { brokenDown, epochSeconds, normalised } from '../time.ts';
import type { BrokenDownTime } from '../time.ts';
import type { Run } from '../runtime.ts';
import { isArray, raise } from '../values.ts';
import { natives } from './define.ts';
import type { Builtins } from './define.ts';

const iso = '%Y-%m-%dT%H:%M:%SZ';

/** jq's array of a time: year, month from 0, day, hours, minutes, seconds, week day, day of the year from 0. */
function toArray(time: BrokenDownTime): Json {
  return [
    time.year,
    time.month,
    time.day,
    time.hours,
    time.minutes,
    time.seconds,
    time.weekDay,
    time.yearDay,
  ];
}

function fromArray(value: readonly Json[], what: string): BrokenDownTime {
  const part = (position: number): number => {
    const number = value[position] ?? 0;
    return typeof number === 'number' ? number : raise(`${what} requires parsed datetime inputs`);
  };
  const whole = (position: number): number => Math.trunc(part(position));
  return {
    year: whole(0),
    month: whole(1),
    day: whole(2),
    hours: whole(3),
    minutes: whole(4),
    seconds: part(5),
    weekDay: whole(6),
    yearDay: whole(7),
  };
}

function gmtime(value: Json): Json {
  return typeof value === 'number' ? toArray(brokenDown(value)) : raise('gmtime() requires numeric inputs');
}

function mktime(value: Json): Json {
  if (!isArray(value)) return raise('mktime requires array inputs');
  return Math.floor(epochSeconds(fromArray(value, 'mktime')));
}

function strftime(value: Json, format: Json, what: string, run: Run): Json {
  if (typeof format !== 'string') return raise(`${what} requires a string format`);
  const isTime = typeof value === 'number' || isArray(value);
  if (!isTime) return raise(`${what} requires parsed datetime inputs`);
  run.tick(1 + format.length);
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return raise(`${what} requires parsed datetime inputs`);
  }
  return formatTime(isArray(value) ? normalised(fromArray(value, what)) : brokenDown(value), format);
}

function strptime(value: Json, format: Json, run: Run): Json {
  if (typeof value !== 'string' || typeof format !== 'string') {
    return raise('strptime/1 requires string inputs and arguments');
  }
  run.tick(1 + value.length + format.length);
  const parsed = parseTime(value, format);
  if (parsed === undefined) return raise(`date "${value}" does not match format "${format}"`);
  const time = toArray(parsed.time);
  return parsed.rest === '' || !isArray(time) ? time : [...time, parsed.rest];
}

function fromIso(value: Json, run: Run): Json {
  return mktime(strptime(value, iso, run));
}

function toIso(value: Json, run: Run): Json {
  return strftime(value, iso, 'strftime/1', run);
}

/** Dates. There is one time zone, UTC, so that a replay on another machine sees the same. */
export const dateBuiltins: Builtins = natives({
  'gmtime/0': gmtime,
  'localtime/0': gmtime,
  'mktime/0': mktime,
  'strftime/1': (input, [format = null], run) => strftime(input, format, 'strftime/1', run),
  'strflocaltime/1': (input, [format = null], run) => strftime(input, format, 'strflocaltime/1', run),
  'strptime/1': (input, [format = null], run) => strptime(input, format, run),
  'todate/0': (input, _args, run) => toIso(input, run),
  'fromdate/0': (input, _args, run) => fromIso(input, run),
  'todateiso8601/0': (input, _args, run) => toIso(input, run),
  'fromdateiso8601/0': (input, _args, run) => fromIso(input, run),
  'date/0': (input, _args, run) => toIso(input, run),
});
