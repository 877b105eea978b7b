import { recentlyUsed } from './recently-used.ts';

test('what was unused for longest goes first, and a read counts as use', () => {
  const cache = recentlyUsed<string>(6, (value) => value.length);
  cache.set('a', 'aa');
  cache.set('b', 'bb');
  cache.set('c', 'cc');
  expect(cache.get('a')).toBe('aa');
  cache.set('d', 'ddd');
  expect(['a', 'b', 'c', 'd'].map((key) => cache.get(key))).toEqual(['aa', undefined, undefined, 'ddd']);
});

test('a new value replaces the old one and its size', () => {
  const cache = recentlyUsed<string>(5, (value) => value.length);
  cache.set('a', 'aaaa');
  cache.set('a', 'a');
  cache.set('b', 'bbbb');
  expect([cache.get('a'), cache.get('b')]).toEqual(['a', 'bbbb']);
});

test('a value larger than the whole cache is not kept and drives nothing out', () => {
  const cache = recentlyUsed<string>(3, (value) => value.length);
  cache.set('a', 'aaa');
  cache.set('b', 'bbbb');
  expect([cache.get('a'), cache.get('b')]).toEqual(['aaa', undefined]);
});
