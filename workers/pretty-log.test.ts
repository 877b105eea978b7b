import { prettyLine } from './pretty-log.ts';

const time = '2026-03-01T12:34:56.789Z';

test('shows time, level, role, message and the other members in one line', () => {
  const entry = JSON.stringify({
    level: 30,
    time,
    role: 'api',
    msg: 'request',
    path: '/v1',
    status: 200,
    who: 'a b',
  });
  expect(prettyLine(entry, false)).toBe('12:34:56.789 info  api request path=/v1 status=200 who="a b"\n');
});

test('shows the stack of an error below, indented', () => {
  const entry = JSON.stringify({ level: 50, time, msg: 'failed', err: { stack: 'Error: no\n    at here' } });
  expect(prettyLine(entry, false)).toBe('12:34:56.789 error failed\n    Error: no\n        at here\n');
});

test('colours only where asked', () => {
  const entry = JSON.stringify({ level: 40, time, msg: 'careful' });
  expect(prettyLine(entry, true)).toContain('\u001b[33mwarn \u001b[0m');
});
