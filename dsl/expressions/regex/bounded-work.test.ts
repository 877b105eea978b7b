import { compileExpression, defaultExpressionLimits, ExpressionLimitError } from '../index.ts';
import { compilePattern } from './compile-pattern.ts';
import { Matcher } from './matcher.ts';

const options = { ignoreCase: false, extended: false, dotAll: false, multiLine: false };

function search(pattern: string, text: string): { found: boolean; work: number } {
  let work = 0;
  const matcher = new Matcher(
    compilePattern(pattern, options),
    text,
    { longest: false, notEmpty: false },
    (more) => {
      work += more;
      if (work > 50_000_000) throw new Error(`${pattern} does not end`);
    },
  );
  return { found: matcher.find(0), work };
}

test.each<[string, string, boolean]>([
  ['(a+)+b', 'a', false],
  ['(a+)+b', 'ab', true],
  ['(a|a)*b', 'a', false],
  ['(.*)*x', 'a', false],
  ['(a?)*?b', 'a', false],
  ['(x+x+)+y', 'x', false],
  ['(a|aa)+$', 'a', true],
  ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a', false],
  ['(\\w+\\s?)+!', 'word ', false],
  ['(?=(a+)+b)a', 'a', false],
  ['(?:a(?!b))*c', 'a', false],
])('%s on many %j takes work that grows with the length only', (pattern, part, found) => {
  const short = search(pattern, part.repeat(4_000));
  const long = search(pattern, part.repeat(16_000));
  expect([short.found, long.found]).toEqual([found, found]);
  expect(long.work / short.work).toBeLessThan(5);
});

test('fifty optional parts before fifty that are not', () => {
  expect(search('^(a?){50}a{50}$', 'a'.repeat(50)).found).toBe(true);
  expect(search('^(a?){50}a{50}$', 'a'.repeat(49)).found).toBe(false);
});

test('a text of a million characters needs no stack of JavaScript', () => {
  expect(search('^(?:(a)|b)*c', `${'ab'.repeat(500_000)}c`).found).toBe(true);
});

test('the same search takes the same work', () => {
  expect(search('(\\w+) (\\w+)', 'one two '.repeat(100))).toEqual(
    search('(\\w+) (\\w+)', 'one two '.repeat(100)),
  );
});

function run(expression: string): unknown {
  return compileExpression(expression).first(null, {
    variables: {},
    now: () => 0,
    limits: defaultExpressionLimits,
  });
}

test.each([
  ['"a" * 5000 | test("(a*)*\\\\1b")'],
  ['"a" * 5000 | test("(?<n>a\\\\g<n>?)+b")'],
  ['"a" * 50000 | test("(?:(?>a+)|c)b")'],
  ['"a" * 3000 | test("(a)?(?(1)a+|b)+c")'],
])('what cannot be remembered ends at the limit: %s', (expression) => {
  expect(() => run(expression)).toThrow(ExpressionLimitError);
});

test.each([
  ['"a" | test("(" * 300)', 'groups nested deeper'],
  ['"a" | test("((a{90}){90}){90}")', 'repeat so much'],
  ['"a" | test("x" * 20000)', 'more than 10000 characters'],
  ['"a" | test("a" + "{2,3}" * 300)', 'quantifiers in a row'],
])('patterns that would be too large raise an error: %s', (expression, message) => {
  expect(() => run(expression)).toThrow(message);
});

test.each([
  ['test("a(?~b)")', 'absent operators', 6],
  ['.text | gsub("\\\\X"; "")', 'text segments', 14],
  ['test("(?{1})")', 'callouts', 6],
])(
  'what Oniguruma can do and this engine cannot is refused when it is compiled: %s',
  (expression, part, column) => {
    expect(() => compileExpression(expression)).toThrow(
      expect.objectContaining({
        name: 'ExpressionSyntaxError',
        message: expect.stringContaining(part),
        column,
      }),
    );
  },
);

test('a pattern that jq refuses too raises when it is used', () => {
  expect(run('try ("a" | test("(")) catch .')).toBe('Regex failure: end pattern with unmatched parenthesis');
});
