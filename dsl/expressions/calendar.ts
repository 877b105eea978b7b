/** English, as C's own locale has them: a replay on another machine has to see the same. */
export const weekDays: readonly string[] = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(
  ' ',
);

export const months: readonly string[] =
  'January February March April May June July August September October November December'.split(' ');

/** Conversions that stand for a whole format. */
export const composites: Readonly<Record<string, string>> = {
  c: '%a %b %e %H:%M:%S %Y',
  D: '%m/%d/%y',
  F: '%Y-%m-%d',
  R: '%H:%M',
  r: '%I:%M:%S %p',
  T: '%H:%M:%S',
  X: '%H:%M:%S',
  x: '%m/%d/%y',
};
