import type { Cell } from './messages.ts';
import { firstMetaRow, hasRow, isRightBelow, metaRowAt, metaRowBefore, regionOf } from './region.ts';
import { messageType } from './schema.ts';

const name = 'perdure,b,1795662320652.8b022cd9c2373df9b88d45c9b4f362cf.';

function metaCells(
  info: object,
  columns: Readonly<Record<string, string>> = { server: 'rs1:16020' },
): Cell[] {
  const tableName = { namespace: Buffer.from('default'), qualifier: Buffer.from('perdure') };
  const region = { regionId: 1, tableName, startKey: Buffer.from('b'), endKey: Buffer.from('d'), ...info };
  const written = messageType('RegionInfo').encode(region).finish();
  const cell = (qualifier: string, value: Uint8Array): Cell => {
    return { row: Buffer.from(name), qualifier: Buffer.from(qualifier), timestamp: 1, value };
  };
  return [
    cell('regioninfo', Buffer.concat([Buffer.from('PBUF'), written])),
    ...Object.entries(columns).map(([qualifier, value]) => cell(qualifier, Buffer.from(value))),
  ];
}

test('a row of hbase:meta gives the region, its range and its server', () => {
  expect(regionOf(metaCells({}))).toEqual({
    name: Buffer.from(name),
    start: Buffer.from('b'),
    end: Buffer.from('d'),
    server: { host: 'rs1', port: 16_020 },
  });
  expect(regionOf(metaCells({ endKey: undefined }))?.end).toHaveLength(0);
});

test.each([
  ['was split', metaCells({ split: true, offline: true })],
  ['is offline', metaCells({ offline: true })],
  ['has no server', metaCells({}, {})],
  ['has an empty server', metaCells({}, { server: '' })],
])('a region that %s is none to go to', (_, cells) => {
  expect(regionOf(cells)).toBeUndefined();
});

test('a region has its first row and not the one behind its last', () => {
  const region = regionOf(metaCells({}));
  const [at, below] = [hasRow, isRightBelow].map(
    (test) => (row: string) => region !== undefined && test(region, Buffer.from(row)),
  );
  expect(['a', 'b', 'c\uffff', 'd', 'e'].map((row) => at?.(row))).toEqual([false, true, true, false, false]);
  expect(['a', 'b', 'c\uffff', 'd', 'e'].map((row) => below?.(row))).toEqual([
    false,
    false,
    true,
    true,
    false,
  ]);
  expect(region && isRightBelow(region, undefined)).toBe(false);
});

test('the rows to look up lie where the regions of a row and before it are', () => {
  const row = Buffer.from('b,\u0000');
  expect(metaRowAt('perdure', row).toString()).toBe('perdure,b,\u0000,:');
  expect(metaRowBefore('perdure', row).toString()).toBe('perdure,b,\u0000,');
  expect(metaRowBefore('ns:t', undefined).toString()).toBe('ns:t\u0000');
  expect(firstMetaRow('ns:t').toString()).toBe('ns:t,,');
});
