import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '../../dsl/json.ts';
import { openStore } from './open.ts';
import type { Store } from './port.ts';
import { exportLines, importDocuments } from './transfer.ts';

let folder: string;
let from: Store;
let to: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'perdure-transfer-'));
  from = await openStore('sqlite:from.db', folder);
  to = await openStore('sqlite:to.db', folder);
});

afterEach(async () => {
  await from.close();
  await to.close();
  rmSync(folder, { recursive: true });
});

async function exported(store: Store): Promise<string> {
  let text = '';
  for await (const line of exportLines(store)) text += line;
  return text;
}

/** The bytes in pieces that end anywhere, in the middle of a character too. */
async function* inPieces(text: string, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let n = 0; n < bytes.length; n += size) yield bytes.subarray(n, n + size);
}

const hostile: readonly (readonly [string, Json])[] = [
  ['a\u0000b', 'NUL'],
  ['a\n', 'a line break\n in both'],
  ['a\u2028', '\u2028 and \u2029 break lines for some'],
  ['"\\', { '"': '\\', '': [] }],
  ['\u{1f4a9}', ['\ud800', '\u{10ffff}', -0.5, 1e300, true]],
  ['proto', JSON.parse('{"__proto__": {"a": 1}, "b": 2}') as Json],
];

test('what an import made is exported again as it came, to the byte', async () => {
  for (const [key, value] of hostile) await from.put(key, value, 'any');
  for (let n = 0; n < 450; n++) await from.put(`many/${n}`, n, 'any');
  const text = await exported(from);
  const told: number[] = [];
  const count = await importDocuments(to, inPieces(text), {
    progress: ({ documents }) => told.push(documents),
  });
  expect(count).toEqual({ written: 456, unchanged: 0, conflicts: [], conflicting: 0 });
  expect(told.at(-1)).toBe(456);
  expect(await exported(to)).toBe(text);
});

test('an empty store has two lines', async () => {
  expect(await exported(from)).toBe('{"perdure":"store","format":1}\n{"end":true,"documents":0}\n');
  expect(await importDocuments(to, inPieces(await exported(from)))).toMatchObject({ written: 0 });
});

test('an import that was cut off says so, and is completed by doing it again', async () => {
  for (let n = 0; n < 30; n++) await from.put(`k${n}`, n, 'any');
  const text = await exported(from);
  const cut = text.slice(0, text.indexOf('{"key":"k20"'));
  await expect(importDocuments(to, inPieces(cut))).rejects.toMatchObject({
    name: 'StoreError',
    type: 'invalid',
    message: expect.stringContaining('is cut off after line'),
  });
  const { written, unchanged } = await importDocuments(to, inPieces(text));
  expect([written > 0, unchanged > 0, written + unchanged]).toEqual([true, true, 30]);
  expect(await importDocuments(to, inPieces(text))).toMatchObject({ written: 0, unchanged: 30 });
  expect(await exported(to)).toBe(text);
});

test('a key that holds another value keeps it unless it is to be overwritten', async () => {
  await from.put('a', 1, 'any');
  await from.put('b', 1, 'any');
  await to.put('a', 2, 'any');
  const text = await exported(from);
  expect(await importDocuments(to, inPieces(text))).toEqual({
    written: 1,
    unchanged: 0,
    conflicts: ['a'],
    conflicting: 1,
  });
  expect((await to.get('a'))?.value).toBe(2);
  expect(await importDocuments(to, inPieces(text), { overwrite: true })).toMatchObject({
    written: 1,
    unchanged: 1,
  });
  expect((await to.get('a'))?.value).toBe(1);
});

const header = '{"perdure":"store","format":1}\n';

test.each([
  ['nothing', '', 'is cut off after line 0'],
  ['something else', '{"a":1}\n', 'Line 1 of the export is not that of an export of a store.'],
  ['a newer format', '{"perdure":"store","format":2}\n', 'has format 2, and this Perdure knows 1'],
  ['no JSON', `${header}oops\n`, 'Line 2 of the export is not JSON in UTF-8.'],
  ['no object', `${header}[]\n`, 'Line 2 of the export is no object.'],
  ['no document', `${header}{"key":1,"value":2}\n`, 'Line 2 of the export is no document.'],
  ['too few', `${header}{"end":true,"documents":3}\n`, 'Line 2 of the export counts 3 documents'],
  [
    'more behind it',
    `${header}{"end":true,"documents":0}\n{}\n`,
    'Line 3 of the export comes after the last',
  ],
  ['a key that no store takes', `${header}{"key":"","value":1}\n`, 'A key must not be empty'],
])('%s is refused with its place', async (_what, text, message) => {
  await expect(importDocuments(to, inPieces(text))).rejects.toMatchObject({
    name: 'StoreError',
    type: 'invalid',
    message: expect.stringContaining(message),
  });
});

test('a line without end does not fill the memory', async () => {
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) yield Buffer.alloc(1024 * 1024, 'x');
  }
  await expect(importDocuments(to, endless())).rejects.toThrow('A line is longer than');
});
