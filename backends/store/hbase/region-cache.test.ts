import type { Region } from './region.ts';
import { RegionCache } from './region-cache.ts';

function region(start: string, end: string, host = 'one'): Region {
  const name = Buffer.from(`t,${start},${host}.`);
  return { name, start: Buffer.from(start), end: Buffer.from(end), server: { host, port: 1 } };
}

let cache: RegionCache;
const at = (row: string): string | undefined => cache.at(Buffer.from(row))?.server.host;
const before = (row?: string): string | undefined =>
  cache.before(row === undefined ? undefined : Buffer.from(row))?.server.host;

beforeEach(() => {
  cache = new RegionCache();
  cache.add(region('', 'g', 'first'));
  cache.add(region('g', 'p', 'second'));
  cache.add(region('p', '', 'last'));
});

test('finds the region of a row, and the one right below a row', () => {
  expect(['', 'a', 'g', 'o\uffff', 'p', '\u{10ffff}'].map(at)).toEqual([
    'first',
    'first',
    'second',
    'second',
    'last',
    'last',
  ]);
  expect(['a', 'g', 'g\u0000', 'p', 'z'].map(before)).toEqual(['first', 'first', 'second', 'second', 'last']);
  expect(before()).toBe('last');
});

test('a region takes the place of those that it overlaps, as after a split, a merge or a move', () => {
  cache.add(region('g', 'k', 'lower'));
  expect([at('g'), at('k'), at('f'), at('p')]).toEqual(['lower', undefined, 'first', 'last']);
  cache.add(region('k', 'p', 'upper'));
  expect([at('g'), at('k')]).toEqual(['lower', 'upper']);
  cache.add(region('', '', 'all'));
  expect([at(''), at('g'), at('z')]).toEqual(['all', 'all', 'all']);
});

test('a region that was replaced meanwhile is not forgotten with the one that failed', () => {
  const failed = cache.at(Buffer.from('a'));
  cache.add(region('', 'g', 'moved'));
  if (failed !== undefined) cache.remove(failed);
  expect(at('a')).toBe('moved');
});
