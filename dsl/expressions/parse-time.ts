import { composites, months, weekDays } from './calendar.ts';
import { actual } from './time.ts';
import type { BrokenDownTime } from './time.ts';

interface Reading {
  readonly text: string;
  position: number;
  readonly fields: { -readonly [Field in keyof BrokenDownTime]?: number };
  century?: number;
  yearOfCentury?: number;
  afternoon?: boolean;
}

/**
 * `strptime`: the time, and what of the text is left; undefined where text and format differ. Missing parts are those of
 * 1970, fields run over into each other (31 April is 1 May), and a zone is read and means nothing.
 */
export function parseTime(
  text: string,
  format: string,
): { readonly time: BrokenDownTime; readonly rest: string } | undefined {
  const reading: Reading = { text, position: 0, fields: {} };
  if (!readFormat(reading, format)) return undefined;
  const rest = text.slice(reading.position);
  if (rest !== '' && !/^[ \t\n\v\f\r]/.test(rest)) return undefined;
  const { fields } = reading;
  const time = actual({
    year: fields.year ?? yearOf(reading),
    month: fields.month ?? 0,
    day: fields.day ?? 1,
    hours: hoursOf(reading),
    minutes: fields.minutes ?? 0,
    seconds: fields.seconds ?? 0,
    weekDay: 0,
    yearDay: 0,
  });
  return { time, rest };
}

function yearOf({ century, yearOfCentury }: Reading): number {
  if (yearOfCentury === undefined) return 1970;
  return (century ?? (yearOfCentury < 69 ? 20 : 19)) * 100 + yearOfCentury;
}

function hoursOf({ fields, afternoon }: Reading): number {
  const { hours = 0 } = fields;
  // An hour above 12 was one of 24, whatever half of the day was read beside it.
  return afternoon === undefined || hours > 12 ? hours : (hours % 12) + (afternoon ? 12 : 0);
}

function readFormat(reading: Reading, format: string): boolean {
  for (let at = 0; at < format.length; at++) {
    const sign = format[at] ?? '';
    if (isSpace(sign)) skipSpace(reading);
    else if (sign !== '%' || at === format.length - 1) {
      if (reading.text[reading.position]?.toLowerCase() !== sign.toLowerCase()) return false;
      reading.position++;
    } else if (!readConversion(reading, format[++at] ?? '')) return false;
  }
  return true;
}

function isSpace(sign: string): boolean {
  return /^\s$/.test(sign);
}

function skipSpace(reading: Reading): boolean {
  while (isSpace(reading.text[reading.position] ?? '')) reading.position++;
  return true;
}

function readPattern(reading: Reading, pattern: RegExp): string | undefined {
  // No conversion is longer than this but a zone's name.
  const found = pattern.exec(reading.text.slice(reading.position, reading.position + 40))?.[0];
  reading.position += found?.length ?? 0;
  return found;
}

/** Numbers by what they may look like; as few digits as the value's bounds force. */
const numbers: Readonly<
  Record<string, { readonly pattern: RegExp; readonly store: (reading: Reading, value: number) => void }>
> = {
  C: { pattern: /^[0-9]{2}/, store: (reading, value) => (reading.century = value) },
  d: { pattern: /^(?:3[01]|[12][0-9]|0?[1-9])/, store: ({ fields }, value) => (fields.day = value) },
  H: { pattern: /^(?:2[0-3]|[01]?[0-9])/, store: ({ fields }, value) => (fields.hours = value) },
  I: { pattern: /^(?:1[0-2]|0?[0-9])/, store: ({ fields }, value) => (fields.hours = value) },
  j: { pattern: /^(?:3[0-6][0-9]|[0-2]?[0-9]?[0-9])/, store: storeYearDay },
  M: { pattern: /^[0-5]?[0-9]/, store: ({ fields }, value) => (fields.minutes = value) },
  m: { pattern: /^(?:1[0-2]|0?[1-9])/, store: ({ fields }, value) => (fields.month = value - 1) },
  S: { pattern: /^(?:60|[0-5]?[0-9])/, store: ({ fields }, value) => (fields.seconds = value) },
  s: { pattern: /^-?[0-9]{1,15}/, store: storeEpoch },
  U: { pattern: /^(?:5[0-3]|[0-4]?[0-9])/, store: () => {} },
  u: { pattern: /^[1-7]/, store: () => {} },
  w: { pattern: /^[0-6]/, store: () => {} },
  Y: { pattern: /^[0-9]{4}/, store: ({ fields }, value) => (fields.year = value) },
  y: { pattern: /^[0-9]{2}/, store: (reading, value) => (reading.yearOfCentury = value) },
};

function storeYearDay({ fields }: Reading, value: number): void {
  fields.month = 0;
  fields.day = value;
}

function storeEpoch({ fields }: Reading, value: number): void {
  Object.assign(fields, { year: 1970, month: 0, day: 1, hours: 0, minutes: 0, seconds: value });
}

/** Conversions that read what another one reads, perhaps after spaces. */
const aliases: Readonly<Record<string, string>> = { e: 'd', h: 'b', k: 'H', l: 'I', W: 'U', A: 'a', B: 'b' };

function readConversion(reading: Reading, written: string): boolean {
  const name = Object.hasOwn(aliases, written) ? (aliases[written] ?? written) : written;
  if ('ekl'.includes(written)) skipSpace(reading);
  if (Object.hasOwn(composites, name)) return readFormat(reading, composites[name] ?? '');
  const number = Object.hasOwn(numbers, name) ? numbers[name] : undefined;
  if (number === undefined) return readOther(reading, name);
  const digits = readPattern(reading, number.pattern);
  if (digits !== undefined) number.store(reading, Number(digits));
  return digits !== undefined;
}

function readOther(reading: Reading, name: string): boolean {
  switch (name) {
    case 'a':
      return readName(reading, weekDays) !== undefined;
    case 'b': {
      const month = readName(reading, months);
      if (month !== undefined) reading.fields.month = month;
      return month !== undefined;
    }
    case 'p': {
      const half = readPattern(reading, /^[ap]m/i);
      if (half !== undefined) reading.afternoon = half.toLowerCase() === 'pm';
      return half !== undefined;
    }
    case 'z':
      return readPattern(reading, /^(?:z|[-+][0-9]{2}(?::?[0-9]{2})?)/i) !== undefined;
    case 'Z':
      return readPattern(reading, /^[a-z]+/i) !== undefined;
    case 'n':
    case 't':
      return skipSpace(reading);
    case '%':
      return readPattern(reading, /^%/) !== undefined;
    default:
      return false;
  }
}

/** The position of a name that comes next, whole or by its first three letters. */
function readName(reading: Reading, names: readonly string[]): number | undefined {
  const rest = reading.text.slice(reading.position, reading.position + 10).toLowerCase();
  const found = names.findIndex((name) => rest.startsWith(name.slice(0, 3).toLowerCase()));
  const name = names[found]?.toLowerCase();
  if (name === undefined) return undefined;
  reading.position += rest.startsWith(name) ? name.length : 3;
  return found;
}
