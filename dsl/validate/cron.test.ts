import { checkDefinition } from '../check.ts';

function problemOf(cron: string): string | undefined {
  const document = { dsl: '1.0.3', namespace: 'shop', name: 'report', version: '1.0.0' };
  const result = checkDefinition(JSON.stringify({ document, schedule: { cron }, do: [] }));
  return result.ok ? undefined : result.errors.map(({ message }) => message).join();
}

// Each of these was given to a Temporal server (1.32) as well, which takes and refuses the same.
test.each([
  '0 0 * * *',
  '  0   0 * * * ',
  '*/5 8-17 1,15 jan-mar sun',
  '5/10 * * * *',
  '1,2,3-9/2 * * * *',
  '0 0 * JAN MON-FRI',
  '0 0 * * 5-7',
  '0 0 31 2 *',
  '@daily',
  '@annually',
])('%s is a cron expression', (cron) => expect(problemOf(cron)).toBeUndefined());

test.each([
  ['* * * *', 'five fields'],
  ['61 * * * *', 'minute'],
  ['*/0 * * * *', 'minute'],
  ['10-5 * * * *', 'minute'],
  ['1,,2 * * * *', 'minute'],
  ['0 24 * * *', 'hour'],
  ['0 0 0 * *', 'day of the month'],
  ['0 0 1 13 *', 'month'],
  ['0 0 * * 8', 'day of the week'],
  ['0 0 * * fri-sun', 'day of the week'],
  ['@often', '@daily'],
])('%s is none: %s', (cron, problem) => expect(problemOf(cron)).toContain(problem));
