import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../backends/store/open.ts';
import { main } from '../index.ts';
import { recordingTerminal } from '../recording-terminal.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perdure-cli-store-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function run(
  argv: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number; out: string; err: string }> {
  const terminal = recordingTerminal();
  const environment = { PERDURE_DATA: folder, ...env };
  const code = await main(['store', ...argv], terminal, environment, folder);
  return { code, ...terminal.written };
}

test('migrate and ping take the store of the settings, and say which it is', async () => {
  expect(await run(['migrate'])).toMatchObject({
    code: 0,
    out: 'The store sqlite:perdure.db is up to date.\n',
  });
  const { code, out } = await run(['ping'], { PERDURE_STORE: 'sqlite:other.db' });
  expect([code, out]).toEqual([
    0,
    expect.stringMatching(/^The store sqlite:other\.db answers \(\d+ ms\)\.\n$/),
  ]);
});

test('what export writes import brings into another store, where it may already be', async () => {
  const store = await openStore('sqlite:perdure.db', folder);
  await store.put('a', { text: '\u2028' }, 'any');
  await store.put('b', 2, 'any');
  await store.close();
  const file = join(folder, 'backup.jsonl');
  const exported = await run(['export', file]);
  expect(exported).toMatchObject({
    code: 0,
    err: '2 documents (0.0 MB) exported from sqlite:perdure.db.\n',
  });
  expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(5);
  expect(statSync(file).mode & 0o777).toBe(0o600);

  const other = ['--store', 'sqlite:other.db'];
  expect(await run(['import', file, ...other])).toMatchObject({
    code: 0,
    out: '2 documents written into sqlite:other.db, 0 were there.\n',
  });
  expect((await run(['import', file, ...other])).out).toContain('0 documents written');

  const changed = await openStore('sqlite:other.db', folder);
  await changed.put('b', 3, 'any');
  await changed.close();
  const conflict = await run(['import', file, ...other]);
  expect(conflict.code).toBe(1);
  expect(conflict.err).toContain('holds another value: "b"\nAnother value is there for 1 of the documents');
  expect(await run(['import', file, '--overwrite', ...other])).toMatchObject({ code: 0 });
});

test.each([
  [
    'a store that does not answer',
    ['ping', '--store', 'postgres://u:secret@127.0.0.1:1/x'],
    3,
    'Check that it runs',
  ],
  ['a URL that is none', ['ping', '--store', 'oracle:x'], 2, 'No store is known for "oracle:…"'],
  ['a file that is not there', ['import', '/no/such.jsonl'], 2, "open '/no/such.jsonl'"],
  ['a folder that is not there', ['export', '/no/such/file'], 2, "open '/no/such/file.part'"],
  ['no file', ['export'], 2, "missing required argument 'file'"],
])('%s is said, with its exit code', async (_what, argv, code, message) => {
  const outcome = await run(argv);
  expect(outcome.code).toBe(code);
  expect(outcome.err).toContain(message);
  expect(outcome.err).not.toContain('secret');
  expect(outcome.err).not.toMatch(/^\s+at /m);
});

test('a file that is no export, and settings that are wrong, are mistakes in the usage', async () => {
  const file = join(folder, 'notes.txt');
  writeFileSync(file, 'hello\n');
  expect(await run(['import', file])).toMatchObject({
    code: 2,
    err: 'Line 1 of the export is not JSON in UTF-8.\n',
  });
  expect(await run(['ping'], { PERDURE_STORE: 'nothing' })).toMatchObject({
    code: 2,
    err: expect.stringContaining('PERDURE_STORE (store): expected a URL'),
  });
});
