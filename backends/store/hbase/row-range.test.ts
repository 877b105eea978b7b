import { behindRegion, behindRow, fromRow, type RowRange } from './row-range.ts';

function range(first: string, end: string | undefined, reverse = false): RowRange {
  return { first: Buffer.from(first), end: end === undefined ? undefined : Buffer.from(end), reverse };
}

function region(start: string, end: string): { start: Buffer; end: Buffer } {
  return { start: Buffer.from(start), end: Buffer.from(end) };
}

test('behind a row goes on at the next one in the direction, from a row at that row', () => {
  const row = Buffer.from('k');
  expect(behindRow(range('a', 'z'), row)).toEqual(range('k\u0000', 'z'));
  expect(behindRow(range('a', 'z', true), row)).toEqual(range('a', 'k', true));
  expect(fromRow(range('a', 'z'), row)).toEqual(range('k', 'z'));
  expect(fromRow(range('a', 'z', true), row)).toEqual(range('a', 'k\u0000', true));
});

test('behind a region lies the next one in the direction, or nothing', () => {
  expect(behindRegion(range('a', 'z'), region('', 'k'))).toEqual(range('k', 'z'));
  expect(behindRegion(range('a', undefined), region('', 'k'))).toEqual(range('k', undefined));
  expect(behindRegion(range('a', 'k'), region('', 'k'))).toBeUndefined();
  expect(behindRegion(range('a', undefined), region('k', ''))).toBeUndefined();
  expect(behindRegion(range('a', 'z', true), region('k', ''))).toEqual(range('a', 'k', true));
  expect(behindRegion(range('k', 'z', true), region('k', ''))).toBeUndefined();
  expect(behindRegion(range('', undefined, true), region('', 'k'))).toBeUndefined();
});
