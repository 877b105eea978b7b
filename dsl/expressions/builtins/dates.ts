import type { Json } from '../../json.ts';
import { formatTime } from '../format-time.ts';
import { parseTime } from '../parse-time.ts';
import { actual, brokenDown, epochSeconds } from '../time.ts';
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
  const part = (position: number, missing = 0): number => {
    const number = position < value.length ? value[position] : missing;
    if (typeof number !== 'number' || Number.isNaN(number)) {
      return raise(`${what} requires parsed datetime inputs`);
    }
    return Math.trunc(Math.max(leastInt, Math.min(number, greatestInt)));
  };
  return {
    year: part(0, 1900),
    month: part(1),
    day: part(2),
    hours: part(3),
    minutes: part(4),
    seconds: part(5),
    weekDay: part(6),
    yearDay: part(7),
  };
}

// Fields are numbers of 32 bits in C. The years that this leaves are also those whose seconds are exact in a double.
const greatestInt = 2 ** 31 - 1;
const leastInt = -(2 ** 31);

/** The time so many seconds after the epoch. As in jq, a negative time with a fraction is cut towards zero first. */
function fromEpoch(seconds: number, what: string): BrokenDownTime {
  // The sum makes a zero of minus zero.
  const whole = Math.trunc(seconds) + 0;
  const time = brokenDown(whole);
  // Also false for what is not a number.
  if (!(Math.abs(time.year) <= greatestInt)) return raise(`${what}: the time is out of range`);
  return { ...time, seconds: time.seconds + (seconds - Math.floor(seconds)) };
}

function gmtime(value: Json, what: string): Json {
  return typeof value === 'number'
    ? toArray(fromEpoch(value, what))
    : raise(`${what}() requires numeric inputs`);
}

function mktime(value: Json): Json {
  if (!isArray(value)) return raise('mktime requires array inputs');
  const seconds = epochSeconds(fromArray(value, 'mktime'));
  // In C and in jq these stand for failures, so that jq cannot tell the last seconds before the epoch from one.
  if (seconds === -1) return raise('invalid gmtime representation');
  return seconds === -2 ? raise('mktime not supported on this platform') : seconds;
}

function strftime(value: Json, format: Json, what: 'strftime/1' | 'strflocaltime/1', run: Run): Json {
  if (typeof value !== 'number' && !isArray(value)) return raise(`${what} requires parsed datetime inputs`);
  if (typeof format !== 'string') return raise(`${what} requires a string format`);
  run.tick(4 * (1 + format.length));
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return raise(`${what} requires parsed datetime inputs`);
  }
  if (!isArray(value)) return formatTime(fromEpoch(value, what), format);
  const time = fromArray(value, what);
  // C's conversion from local time, alone of the two, brings the fields themselves into their ranges.
  return formatTime(what === 'strflocaltime/1' ? actual(time) : time, format);
}

function strptime(value: Json, format: Json, run: Run): Json {
  if (typeof value !== 'string' || typeof format !== 'string') {
    return raise('strptime/1 requires string inputs and arguments');
  }
  run.tick(4 * (1 + value.length + format.length));
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
  'gmtime/0': (input) => gmtime(input, 'gmtime'),
  'localtime/0': (input) => gmtime(input, 'localtime'),
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
