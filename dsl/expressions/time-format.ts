import { brokenDown, epochSeconds, normalised } from './time.ts';
import type { BrokenDownTime } from './time.ts';
import { raise } from './values.ts';

const weekDays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = 'January February March April May June July August September October November December'.split(
  ' ',
);

function pad(value: number, width: number, fill = '0'): string {
  return String(Math.trunc(value)).padStart(width, fill);
}

function hour12(time: BrokenDownTime): number {
  return time.hours % 12 === 0 ? 12 : time.hours % 12;
}

/** Year and number of the ISO 8601 week. */
function isoWeek(time: BrokenDownTime): { readonly year: number; readonly week: number } {
  const monday = (time.weekDay + 6) % 7;
  const week = Math.floor((time.yearDay - monday + 10) / 7);
  if (week < 1) return { year: time.year - 1, week: weeksIn(time.year - 1) };
  return week > weeksIn(time.year) ? { year: time.year + 1, week: 1 } : { year: time.year, week };
}

function weeksIn(year: number): number {
  const dayOfLast = (y: number): number =>
    (y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400)) % 7;
  return dayOfLast(year) === 4 || dayOfLast(year - 1) === 3 ? 53 : 52;
}

function yearText(year: number): string {
  const digits = pad(Math.abs(year), 4);
  return year < 0 ? `-${digits}` : year > 9999 ? `+${digits}` : digits;
}

/** What each directive of `strftime` writes, in C's locale and UTC. */
const writers: Readonly<Record<string, (time: BrokenDownTime) => string>> = {
  A: (time) => weekDays[time.weekDay] ?? '?',
  a: (time) => (weekDays[time.weekDay] ?? '?').slice(0, 3),
  B: (time) => months[time.month] ?? '?',
  b: (time) => (months[time.month] ?? '?').slice(0, 3),
  C: (time) => pad(Math.floor(time.year / 100), 2),
  c: (time) => formatTime(time, '%a %b %e %H:%M:%S %Y'),
  D: (time) => formatTime(time, '%m/%d/%y'),
  d: (time) => pad(time.day, 2),
  e: (time) => pad(time.day, 2, ' '),
  F: (time) => formatTime(time, '%Y-%m-%d'),
  G: (time) => String(isoWeek(time).year),
  g: (time) => pad(isoWeek(time).year % 100, 2),
  H: (time) => pad(time.hours, 2),
  h: (time) => (months[time.month] ?? '?').slice(0, 3),
  I: (time) => pad(hour12(time), 2),
  j: (time) => pad(time.yearDay + 1, 3),
  k: (time) => pad(time.hours, 2, ' '),
  l: (time) => pad(hour12(time), 2, ' '),
  M: (time) => pad(time.minutes, 2),
  m: (time) => pad(time.month + 1, 2),
  n: () => '\n',
  P: (time) => (time.hours < 12 ? 'am' : 'pm'),
  p: (time) => (time.hours < 12 ? 'AM' : 'PM'),
  R: (time) => formatTime(time, '%H:%M'),
  r: (time) => formatTime(time, '%I:%M:%S %p'),
  S: (time) => pad(time.seconds, 2),
  s: (time) => String(Math.floor(epochSeconds(time))),
  T: (time) => formatTime(time, '%H:%M:%S'),
  t: () => '\t',
  U: (time) => pad(Math.floor((time.yearDay + 7 - time.weekDay) / 7), 2),
  u: (time) => String(time.weekDay === 0 ? 7 : time.weekDay),
  V: (time) => pad(isoWeek(time).week, 2),
  W: (time) => pad(Math.floor((time.yearDay + 7 - ((time.weekDay + 6) % 7)) / 7), 2),
  w: (time) => String(time.weekDay),
  X: (time) => formatTime(time, '%H:%M:%S'),
  x: (time) => formatTime(time, '%m/%d/%y'),
  Y: (time) => yearText(time.year),
  y: (time) => pad(((time.year % 100) + 100) % 100, 2),
  Z: () => 'UTC',
  z: () => '+0000',
  '%': () => '%',
};

/** `strftime`. A directive that C does not know is an error, as in jq. */
export function formatTime(time: BrokenDownTime, format: string): string {
  return format.replace(/%([\s\S]?)/g, (_whole, directive: string) => {
    const writer = Object.hasOwn(writers, directive) ? writers[directive] : undefined;
    return writer?.(time) ?? raise('strftime/1: unknown system failure');
  });
}

interface Reading {
  readonly text: string;
  position: number;
  readonly fields: { -readonly [Field in keyof BrokenDownTime]?: number };
  afternoon?: boolean;
}

/** `strptime`: the time, and what of the text is left; undefined where text and format differ. Missing parts are those of 1970. */
export function parseTime(
  text: string,
  format: string,
): { readonly time: BrokenDownTime; readonly rest: string } | undefined {
  const reading: Reading = { text, position: 0, fields: {} };
  if (!readFormat(reading, format)) return undefined;
  const { fields } = reading;
  const hours = fields.hours ?? 0;
  const time = normalised({
    year: fields.year ?? 1970,
    month: fields.month ?? 0,
    day: fields.day ?? 1,
    hours: reading.afternoon === undefined ? hours : (hours % 12) + (reading.afternoon ? 12 : 0),
    minutes: fields.minutes ?? 0,
    seconds: fields.seconds ?? 0,
    weekDay: 0,
    yearDay: 0,
  });
  // A day of the year or seconds since the epoch run over into the other fields.
  const runsOver = time.day > 31 || time.seconds > 60;
  return { time: runsOver ? brokenDown(epochSeconds(time)) : time, rest: text.slice(reading.position) };
}

function readFormat(reading: Reading, format: string): boolean {
  for (let at = 0; at < format.length; at++) {
    const sign = format[at] ?? '';
    if (/\s/.test(sign)) skipSpace(reading);
    else if (sign !== '%') {
      if (reading.text[reading.position] !== sign) return false;
      reading.position++;
    } else if (!readDirective(reading, format[++at] ?? '')) return false;
  }
  return true;
}

function skipSpace(reading: Reading): boolean {
  while (/\s/.test(reading.text[reading.position] ?? '')) reading.position++;
  return true;
}

function readNumber(reading: Reading, width: number, least: number, most: number): number | undefined {
  const digits = new RegExp(`^[0-9]{1,${width}}`).exec(reading.text.slice(reading.position))?.[0];
  if (digits === undefined) return undefined;
  reading.position += digits.length;
  const value = Number(digits);
  return value >= least && value <= most ? value : undefined;
}

function store(
  reading: Reading,
  field: keyof BrokenDownTime,
  width: number,
  least: number,
  most: number,
  shift = 0,
): boolean {
  const value = readNumber(reading, width, least, most);
  if (value === undefined) return false;
  reading.fields[field] = value + shift;
  return true;
}

function readName(reading: Reading, names: readonly string[], field: 'month' | 'weekDay'): boolean {
  const rest = reading.text.slice(reading.position).toLowerCase();
  const found = names.findIndex((name) => rest.startsWith(name.slice(0, 3).toLowerCase()));
  const name = names[found];
  if (name === undefined) return false;
  reading.fields[field] = found;
  reading.position += rest.startsWith(name.toLowerCase()) ? name.length : 3;
  return true;
}

function readPattern(reading: Reading, pattern: RegExp): string | undefined {
  const found = pattern.exec(reading.text.slice(reading.position))?.[0];
  reading.position += found?.length ?? 0;
  return found;
}

function readDirective(reading: Reading, directive: string): boolean {
  switch (directive) {
    case 'Y':
      return store(reading, 'year', 4, 0, 9999);
    case 'y': {
      const value = readNumber(reading, 2, 0, 99);
      if (value === undefined) return false;
      reading.fields.year = value + (value < 69 ? 2000 : 1900);
      return true;
    }
    case 'm':
      return store(reading, 'month', 2, 1, 12, -1);
    case 'd':
    case 'e':
      skipSpace(reading);
      return store(reading, 'day', 2, 1, 31);
    case 'H':
    case 'k':
      return store(reading, 'hours', 2, 0, 23);
    case 'I':
    case 'l':
      return store(reading, 'hours', 2, 1, 12);
    case 'M':
      return store(reading, 'minutes', 2, 0, 59);
    case 'S':
      return store(reading, 'seconds', 2, 0, 60);
    case 'j': {
      const value = readNumber(reading, 3, 1, 366);
      if (value === undefined) return false;
      reading.fields.month = 0;
      reading.fields.day = value;
      return true;
    }
    case 'U':
    case 'W':
      return readNumber(reading, 2, 0, 53) !== undefined;
    case 'w':
    case 'u':
      return readNumber(reading, 1, 0, 7) !== undefined;
    case 'A':
    case 'a':
      return readName(reading, weekDays, 'weekDay');
    case 'B':
    case 'b':
    case 'h':
      return readName(reading, months, 'month');
    case 'p': {
      const half = readPattern(reading, /^[AaPp][Mm]/)?.toLowerCase();
      if (half !== undefined) reading.afternoon = half === 'pm';
      return half !== undefined;
    }
    case 'z':
      return readPattern(reading, /^(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)/) !== undefined;
    case 'Z':
      return readPattern(reading, /^[A-Za-z]+/) !== undefined;
    case 's':
      return readEpoch(reading);
    case 'n':
    case 't':
      return skipSpace(reading);
    case '%':
      return readPattern(reading, /^%/) !== undefined;
    default: {
      const parts = Object.hasOwn(compound, directive) ? compound[directive] : undefined;
      return parts !== undefined && readFormat(reading, parts);
    }
  }
}

const compound: Readonly<Record<string, string>> = {
  c: '%a %b %e %H:%M:%S %Y',
  D: '%m/%d/%y',
  F: '%Y-%m-%d',
  R: '%H:%M',
  r: '%I:%M:%S %p',
  T: '%H:%M:%S',
  X: '%H:%M:%S',
  x: '%m/%d/%y',
};

function readEpoch(reading: Reading): boolean {
  const digits = readPattern(reading, /^-?[0-9]{1,15}/);
  if (digits === undefined) return false;
  Object.assign(reading.fields, {
    year: 1970,
    month: 0,
    day: 1,
    hours: 0,
    minutes: 0,
    seconds: Number(digits),
  });
  return true;
}
