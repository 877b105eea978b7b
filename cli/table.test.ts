import { formatDuration } from './duration.ts';
import { formatTable } from './table.ts';

test('columns are as wide as their widest cell, and lines end where their text ends', () => {
  expect(
    formatTable(
      ['ID', 'STATUS'],
      [
        ['order-1', 'completed'],
        ['x', ''],
      ],
    ),
  ).toBe('ID       STATUS\norder-1  completed\nx\n');
});

test('control characters of a server do not reach the terminal', () => {
  expect(formatTable(['ID'], [['a\u001b[2Jb\nc']])).toBe('ID\na [2Jb c\n');
});

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [1_234, '1.2 s'],
  [59_949, '59.9 s'],
  [59_960, '1 m 00 s'],
  [185_000, '3 m 05 s'],
  [7_800_000, '2 h 10 m'],
  [-5, '0 ms'],
])('%d milliseconds are %s', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});
