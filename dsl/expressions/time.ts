/** A point in time in UTC, taken apart as C does it. */
export interface BrokenDownTime {
  readonly year: number;
  /** From 0. */
  readonly month: number;
  readonly day: number;
  readonly hours: number;
  readonly minutes: number;
  /** With a fraction. */
  readonly seconds: number;
  /** From 0, Sunday. */
  readonly weekDay: number;
  /** From 0. */
  readonly yearDay: number;
}

const secondsPerDay = 86_400;

/** Days since the epoch of a proleptic Gregorian date. Months out of range run over into other years. */
function daysOf(year: number, month: number, day: number): number {
  const years = year + Math.floor(month / 12);
  const shifted = ((month % 12) + 12) % 12;
  // Years begin in March here, so that the leap day is the last of its year.
  const y = shifted < 2 ? years - 1 : years;
  const m = (shifted + 10) % 12;
  const leapDays = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  return y * 365 + leapDays + Math.floor((m * 153 + 2) / 5) + day - 1 - 719_468;
}

/** Seconds since the epoch. The day of the week and of the year play no part. */
export function epochSeconds(time: BrokenDownTime): number {
  const days = daysOf(time.year, time.month, time.day);
  return days * secondsPerDay + time.hours * 3600 + time.minutes * 60 + time.seconds;
}

/** The point in time so many seconds after the epoch. */
export function brokenDown(epoch: number): BrokenDownTime {
  const days = Math.floor(epoch / secondsPerDay);
  const second = Math.floor(epoch) - days * secondsPerDay;
  // The inverse of `daysOf`, by eras of 400 years.
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const m = Math.floor((5 * dayOfYear + 2) / 153);
  const month = (m + 2) % 12;
  const year = yearOfEra + era * 400 + (month < 2 ? 1 : 0);
  return {
    year,
    month,
    day: dayOfYear - Math.floor((153 * m + 2) / 5) + 1,
    hours: Math.floor(second / 3600),
    minutes: Math.floor(second / 60) % 60,
    seconds: (second % 60) + (epoch - Math.floor(epoch)),
    weekDay: (((days + 4) % 7) + 7) % 7,
    yearDay: days - daysOf(year, 0, 1),
  };
}

/** The point in time that fields mean, with every one in its range: hour 25 is the first of the next day. */
export function actual(time: BrokenDownTime): BrokenDownTime {
  return brokenDown(epochSeconds(time));
}
