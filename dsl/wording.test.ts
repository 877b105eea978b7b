import { describeValue, nearestName, orList } from './wording.ts';

test.each([
  ['timout', 'timeout'],
  ['wiat', 'wait'],
  ['Header', 'headers'],
  ['exportt', 'export'],
])('%s was meant to be %s', (typed, meant) => {
  expect(nearestName(typed, ['timeout', 'wait', 'headers', 'export', 'set'])).toBe(meant);
});

test('another word is no typing error', () => {
  expect(nearestName('colour', ['timeout', 'wait', 'set', 'run'])).toBeUndefined();
  expect(nearestName('a', ['do', 'if'])).toBeUndefined();
});

test('values and alternatives read well', () => {
  expect(describeValue('x'.repeat(100))).toMatch(/^"x{59}…"$/);
  expect(describeValue([])).toBe('an empty array');
  expect(orList(['a', 'b', 'c'])).toBe('a, b or c');
});
