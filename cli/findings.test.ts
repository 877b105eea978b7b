import { formatFindings } from './findings.ts';

const source = 'document:\n\tdsl: 1.0.3\ndo: []\n';

test('a finding is printed with its place, code and line, and a mark under the column', () => {
  const text = formatFindings('a.yaml', source, [
    { line: 3, column: 5, message: 'must not be empty', code: 'too-short' },
  ]);
  expect(text).toBe('a.yaml:3:5: must not be empty (too-short)\n  3 | do: []\n    |     ^\n');
});

test('a tab counts as one column', () => {
  const text = formatFindings('a.yaml', source, [{ line: 2, column: 2, message: 'is wrong' }], 'warning: ');
  expect(text).toBe('a.yaml:2:2: warning: is wrong\n  2 |  dsl: 1.0.3\n    |  ^\n');
});

test('a finding without a line names the pointer', () => {
  expect(formatFindings('a.json', '{}', [{ pointer: '/do', message: 'is required' }])).toBe(
    'a.json: is required at /do\n',
  );
});
