import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderSecrets } from './secret-files.ts';
import { environmentSecrets, firstOf } from './secrets.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perdure-secrets-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(path: string, text: string): void {
  writeFileSync(join(folder, path), text);
}

test('a file is a secret, without the line feed at its end', () => {
  put('payment-key', 'k-1\n');
  expect(folderSecrets(folder).read('payment-key')).toBe('k-1');
});

test('a JSON object in a file has fields', () => {
  put('petstore', '{"username":"rex","password":"woof"}');
  expect(folderSecrets(folder).read('petstore')).toEqual({ username: 'rex', password: 'woof' });
});

test('a folder is a secret whose files are its fields, as Kubernetes mounts one', () => {
  mkdirSync(join(folder, 'petstore', '..2026_data'), { recursive: true });
  symlinkSync('..2026_data', join(folder, 'petstore', '..data'));
  put('petstore/..2026_data/username', 'rex');
  symlinkSync('..data/username', join(folder, 'petstore', 'username'));
  expect(folderSecrets(folder).read('petstore')).toEqual({ username: 'rex' });
});

test('a changed file counts at once', () => {
  const secrets = folderSecrets(folder);
  put('key', 'old');
  expect(secrets.read('key')).toBe('old');
  put('key', 'new');
  expect(secrets.read('key')).toBe('new');
});

test.each(['missing', '../outside', 'a/b', '.hidden', '', '..', 'nul\0'])('%j is no secret', (name) => {
  expect(folderSecrets(folder).read(name)).toBeUndefined();
});

test('an empty file counts as not there', () => {
  put('key', '\n');
  expect(folderSecrets(folder).read('key')).toBeUndefined();
});

test('the environment comes before the folder', () => {
  put('both', 'from the folder');
  put('one', 'from the folder');
  const secrets = firstOf(
    environmentSecrets({ S_BOTH: 'from the environment' }, 'S_'),
    folderSecrets(folder),
  );
  expect([secrets.read('both'), secrets.read('one'), secrets.read('none')]).toEqual([
    'from the environment',
    'from the folder',
    undefined,
  ]);
});
