import { jsonSize, type Json } from './json.ts';

test.each<[string, Json]>([
  ['text with escapes', 'a"b\\c\n\t\u0001\u001f'],
  ['text beyond ASCII', 'é€\u{1f600}'],
  ['broken UTF-16', 'a\ud800b\udc00\u{1f600}'],
  ['scalars', true],
  ['a number', -1.5e300],
])('the size of %s is that of its JSON in UTF-8', (_what, value) => {
  expect(jsonSize(value)).toBe(Buffer.byteLength(JSON.stringify(value)));
});

test('objects and arrays count one comma too many', () => {
  const value = { 'kéy"': [1, 'x', null], b: { c: [] } };
  const actual = Buffer.byteLength(JSON.stringify(value));
  expect(jsonSize(value)).toBeGreaterThanOrEqual(actual);
  expect(jsonSize(value)).toBeLessThanOrEqual(actual + 3);
});
