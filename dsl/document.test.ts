import { readDocument } from './document.ts';

function problem(source: string): string {
  const result = readDocument(source);
  return result.ok
    ? 'read'
    : result.errors.map(({ line, code, message }) => `${line} ${code}: ${message}`).join('\n');
}

function value(source: string): unknown {
  const result = readDocument(source);
  return result.ok ? result.document.value : problem(source);
}

test('reads YAML 1.2: yes and on are texts, 0o17 is a number, 012 is twelve', () => {
  expect(value('[yes, on, 0o17, 012, 1e3, ~, null, true]')).toEqual([
    'yes',
    'on',
    15,
    12,
    1000,
    null,
    null,
    true,
  ]);
});

test('reads aliases, and does not merge', () => {
  expect(value('a: &x { b: 1 }\nc: *x\n<<: *x\n')).toEqual({ a: { b: 1 }, c: { b: 1 }, '<<': { b: 1 } });
});

test('reads keys as texts', () => {
  expect(value('404: a\ntrue: b\n')).toEqual({ 404: 'a', true: 'b' });
});

test.each([
  ['an empty text', '', /^1 yaml: the document is empty/],
  ['only a comment', '# nothing\n', /the document is empty/],
  ['two documents', 'a: 1\n---\nb: 2\n', /^2 yaml: the text holds more than one document/],
  ['an older YAML', '%YAML 1.1\n---\na: yes\n', /YAML 1\.2/],
  ['infinity', 'a: 1\nb: .inf\n', /^2 yaml: Infinity has no place in JSON/],
  ['a tag', 'a: 1\nb: !env HOME\n', /^2 yaml: tags are not allowed.*!env/],
  ['an object as key', '? { a: 1 }\n: 2\n', /^1 yaml: a key must be a text/],
  ['an unknown anchor', 'a: *x\n', /no anchor named "x" stands before this alias/],
  ['an alias inside of its anchor', 'a: &x [1, *x]\n', /the alias "x" stands within what it repeats/],
  [
    'duplicate keys, each of them',
    'a: 1\na: 2\nb: { c: 1, c: 2 }\n',
    /^2 duplicate: .*"a".*\n3 duplicate: .*"c"/,
  ],
  ['an unquoted expression with a colon', 'as: ${ { a: 1 } }\n', /must stand between quotes/],
  ['deep nesting', '['.repeat(5_000), /too-large: the document is nested deeper than 64 levels/],
  [
    'a megabyte and more',
    `a: ${'x'.repeat(1_048_576)}`,
    /too-large: the document has more than 1048576 bytes/,
  ],
  ['half a million items', `[${'1,'.repeat(500_000)}1]`, /too-large: the document has too many parts/],
  [
    'a large text repeated',
    `a: &x ${'x'.repeat(100_000)}\nb: [${'*x,'.repeat(50)}]`,
    /data has more than 1048576 bytes/,
  ],
  [
    'many nodes repeated',
    `a: &x [${'1,'.repeat(5_000)}]\nb: [${'*x,'.repeat(99)}]`,
    /aliases .* expand to too much/,
  ],
])('refuses %s', (_what, source, expected) => {
  expect(problem(source)).toMatch(expected);
});

test('an exponential expansion ends at the hundredth alias', () => {
  const levels = Array.from(
    { length: 9 },
    (_, level) => `l${level + 1}: &l${level + 1} [${'*l'.concat(`${level},`).repeat(9)}]`,
  );
  expect(problem(`l0: &l0 [ha]\n${levels.join('\n')}\n`)).toMatch(/too-large: more than 100 aliases/);
});

test('gives the place of values, keys and what is missing', () => {
  const read = readDocument('a:\n  b: [x, { c: 1 }]\n');
  if (!read.ok) throw new Error('not read');
  const { document } = read;
  expect(document.position('/a/b/1/c')).toEqual({ line: 2, column: 15 });
  expect(document.position('/a/b/1/c', { key: true })).toEqual({ line: 2, column: 12 });
  expect(document.position('/a/b/1/d')).toEqual({ line: 2, column: 10 });
  expect(document.position('')).toEqual({ line: 1, column: 1 });
});
