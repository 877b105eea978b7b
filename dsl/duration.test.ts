import { durationMs, InvalidDurationError, parseIsoDuration } from './duration.ts';

test.each([
  ['PT30S', 30_000],
  ['PT0S', 0],
  ['P1DT12H', 129_600_000],
  ['P2W', 1_209_600_000],
  ['PT1M', 60_000],
  ['PT0.25S', 250],
  ['PT1.5H', 5_400_000],
])('%s lasts %d ms', (text, milliseconds) => {
  expect(parseIsoDuration(text)).toBe(milliseconds);
});

test.each([
  '',
  'P',
  'PT',
  'P1DT',
  '30s',
  'PT30',
  'pt30s',
  '-PT1S',
  'P1Y',
  'P1M',
  'P1Y2DT3H',
  'PT1S ',
  'P200000D',
])('%j is refused', (text) => {
  expect(parseIsoDuration(text)).toBeUndefined();
  expect(() => durationMs(text)).toThrow(InvalidDurationError);
});

test('an author is told why a month is refused', () => {
  expect(() => durationMs('P1M')).toThrow(/no fixed length; write it in weeks or days/);
});

test('parts add up', () => {
  expect(durationMs({ hours: 2, minutes: 15, seconds: 30, milliseconds: 1 })).toBe(8_130_001);
  expect(durationMs({ days: 1 })).toBe(86_400_000);
});

test('parts are whole numbers from 0', () => {
  expect(() => durationMs({ seconds: -1 })).toThrow(
    'the seconds of a duration must be a whole number from 0, found -1',
  );
  expect(() => durationMs({ seconds: 0.5 })).toThrow(InvalidDurationError);
  expect(() => durationMs({ days: 50_000 })).toThrow(/100 years/);
});
