import { composites, months, weekDays } from './calendar.ts';
import { actual, epochSeconds } from './time.ts';
import type { BrokenDownTime } from './time.ts';
import { raise } from './values.ts';

/** A time to be written: its fields as given, which may be out of range, and the point in time that they mean. */
interface Given {
  readonly time: BrokenDownTime;
  readonly actual: BrokenDownTime;
}

/** Writes a number: `-` without padding, `_` with spaces, `0` with zeros. */
interface NumberConversion {
  readonly value: (given: Given) => number;
  readonly width: number;
  readonly fill?: '_';
}

const numbers: Readonly<Record<string, NumberConversion>> = {
  C: { value: ({ time }) => Math.trunc(time.year / 100), width: 2 },
  d: { value: ({ time }) => time.day, width: 2 },
  e: { value: ({ time }) => time.day, width: 2, fill: '_' },
  G: { value: isoYear, width: 4 },
  g: { value: (given) => isoYear(given) % 100, width: 2 },
  H: { value: ({ time }) => time.hours, width: 2 },
  I: { value: hour12, width: 2 },
  j: { value: (given) => given.actual.yearDay + 1, width: 3 },
  k: { value: ({ time }) => time.hours, width: 2, fill: '_' },
  l: { value: hour12, width: 2, fill: '_' },
  M: { value: ({ time }) => time.minutes, width: 2 },
  m: { value: ({ time }) => time.month + 1, width: 2 },
  S: { value: ({ time }) => Math.trunc(time.seconds), width: 2 },
  s: { value: ({ time }) => Math.floor(epochSeconds(time)), width: 1 },
  U: { value: (given) => weekOfYear(given, 0), width: 2 },
  u: { value: (given) => given.actual.weekDay || 7, width: 1 },
  V: { value: (given) => isoWeek(given).week, width: 2 },
  W: { value: (given) => weekOfYear(given, 1), width: 2 },
  w: { value: (given) => given.actual.weekDay, width: 1 },
  Y: { value: ({ time }) => time.year, width: 4 },
  y: { value: ({ time }) => Math.abs(time.year % 100), width: 2 },
};

const texts: Readonly<Record<string, (given: Given) => string>> = {
  A: (given) => weekDays[given.actual.weekDay] ?? '-',
  a: (given) => (weekDays[given.actual.weekDay] ?? '-').slice(0, 3),
  B: ({ time }) => months[time.month] ?? '-',
  b: ({ time }) => (months[time.month] ?? '-').slice(0, 3),
  h: ({ time }) => (months[time.month] ?? '-').slice(0, 3),
  n: () => '\n',
  P: ({ time }) => (time.hours < 12 ? 'am' : 'pm'),
  p: ({ time }) => (time.hours < 12 ? 'AM' : 'PM'),
  t: () => '\t',
  Z: () => 'UTC',
  z: () => '+0000',
  '%': () => '%',
};

// Flags, width, and E or O, which choose another calendar or other digits in locales that have them.
const conversion = /%([-_0]?)(\+?)([0-9]*)[EO]?([\s\S]?)/g;
const maxWidth = 100;

/** `strftime` in C's locale and UTC. A conversion that C does not know is an error, as in jq. */
export function formatTime(time: BrokenDownTime, format: string): string {
  if (format === '%') return format;
  return write({ time, actual: actual(time) }, format);
}

function write(given: Given, format: string): string {
  return format.replace(conversion, (_whole, flag: string, plus: string, width: string, name: string) => {
    const text = convert(given, name, flag);
    return width === '' || !'CFGY'.includes(name)
      ? text
      : widened(text, Math.max(1, Number(width)), plus !== '' && name, given.time.year);
  });
}

function convert(given: Given, name: string, flag: string): string {
  if (Object.hasOwn(composites, name)) return write(given, composites[name] ?? '');
  if (Object.hasOwn(texts, name)) return texts[name]?.(given) ?? '';
  const number = Object.hasOwn(numbers, name) ? numbers[name] : undefined;
  if (number === undefined) return raise('strftime/1: unknown system failure');
  const value = number.value(given);
  // So that a year of five digits is not read as one of four with another digit behind it.
  const sign = name === 'Y' && value > 9999 ? '+' : '';
  return sign + padded(value, number.width, flag || number.fill || '0');
}

function padded(value: number, width: number, fill: string): string {
  if (fill === '-') return String(value);
  if (fill === '_') return String(value).padStart(width, ' ');
  // The sign takes a place, and stands before the zeros.
  return value < 0 ? `-${String(-value).padStart(width - 1, '0')}` : String(value).padStart(width, '0');
}

/** A year, century or date of that width: zeros before it, and the sign of the year before them. */
function widened(text: string, width: number, plus: string | false, year: number): string {
  if (width > maxWidth) return raise('strftime/1: unknown system failure');
  const digits = text.replace(/^[-+]?\s*0*(?=[0-9])/, '');
  const filled = Math.max(width, digits.length);
  const yearDigits = (/^[0-9]+/.exec(digits)?.[0].length ?? 0) + filled - digits.length;
  const sign = year < 0 ? '-' : plus !== false && yearDigits >= (plus === 'C' ? 3 : 5) ? '+' : '';
  return sign + digits.padStart(filled - sign.length, '0');
}

function hour12({ time }: Given): number {
  return time.hours === 0 ? 12 : time.hours > 12 ? time.hours - 12 : time.hours;
}

/** Weeks that began before or on this day; `first` is the day that begins them, 0 for Sunday. */
function weekOfYear(given: Given, first: 0 | 1): number {
  const { weekDay, yearDay } = given.actual;
  return Math.floor((yearDay + 7 - ((weekDay + 7 - first) % 7)) / 7);
}

function isoYear(given: Given): number {
  return given.time.year + isoWeek(given).years;
}

/** The ISO 8601 week, and by how many years its year differs from the date's. */
function isoWeek(given: Given): { readonly years: number; readonly week: number } {
  const { year, weekDay, yearDay } = given.actual;
  const monday = (weekDay + 6) % 7;
  const week = Math.floor((yearDay - monday + 10) / 7);
  if (week < 1) return { years: -1, week: weeksIn(year - 1) };
  return week > weeksIn(year) ? { years: 1, week: 1 } : { years: 0, week };
}

function weeksIn(year: number): number {
  const lastDay = (y: number): number =>
    (((y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400)) % 7) + 7) % 7;
  return lastDay(year) === 4 || lastDay(year - 1) === 3 ? 53 : 52;
}
