import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { storeConformance } from './conformance.ts';
import { openStore } from './open.ts';
import { explainSqlite } from './sqlite-file.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perdure-store-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

storeConformance('sqlite', {
  place: () => ({ url: 'sqlite:store.db', data: folder }),
  fresh: () => Promise.resolve({ url: `sqlite:${crypto.randomUUID()}.db`, data: folder }),
});

describe('openStore', () => {
  test('a relative file is made inside the data folder, which is made too, private to its user', async () => {
    const data = join(folder, 'new', 'data');
    const store = await openStore('sqlite:store.db', data);
    await store.put('a', 1, 'absent');
    await store.close();
    expect(statSync(join(data, 'store.db')).isFile()).toBe(true);
    expect(statSync(data).mode & 0o777).toBe(0o700);
  });

  test('an absolute file stays where it is', async () => {
    const path = join(folder, 'elsewhere.db');
    await (await openStore(`sqlite:${path}`, join(folder, 'data'))).close();
    expect(statSync(path).isFile()).toBe(true);
  });

  test.each([
    [
      'oracle://ann:pass@x',
      'No store is known for "oracle:…" (setting `store`, PERDURE_STORE); known: sqlite:, postgres:',
    ],
    ['toString:x', 'No store is known for "toString:x"'],
    ['', 'No store is known for ""'],
    ['sqlite:', 'The store "sqlite:" names no file; write sqlite:perdure.db'],
  ])('%j is refused with what would do', async (url, message) => {
    await expect(openStore(url, folder)).rejects.toThrow(message);
  });

  test('a data folder that cannot be made is named with the way out', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(openStore('sqlite:store.db', join(folder, 'file', 'data'))).rejects.toThrow(
      /The folder .*file\/data cannot be made: ENOTDIR.* Set PERDURE_DATA/,
    );
  });

  test('a damaged file is named with the way out', async () => {
    writeFileSync(
      join(folder, 'store.db'),
      'this is no database, but long enough to be read as one'.repeat(20),
    );
    await expect(openStore('sqlite:store.db', folder)).rejects.toThrow(
      /store\.db cannot be used: file is not a database\. .*docs\/operations\/data\.md.*PERDURE_DATA/,
    );
  });

  test('a folder in the place of the file is named with the way out', async () => {
    mkdirSync(join(folder, 'store.db'));
    await expect(openStore('sqlite:store.db', folder)).rejects.toMatchObject({
      name: 'StoreError',
      type: 'unavailable',
      retryable: false,
      message: expect.stringContaining('Check that the folder exists'),
    });
  });

  // Opened for reading only rather than by file rights, which do not bind root.
  test('a read-only file is named with the way out', async () => {
    await (await openStore('sqlite:store.db', folder)).close();
    const path = join(folder, 'store.db');
    const readOnly = new DatabaseSync(path, { readOnly: true });
    const write = (): void => {
      try {
        readOnly.exec('DELETE FROM documents');
      } catch (error) {
        throw explainSqlite(path, error);
      } finally {
        readOnly.close();
      }
    };
    expect(write).toThrow(/store\.db cannot be used: attempt to write a readonly.*make both writable/);
  });

  test('a file that another program holds is said to be locked, and trying again can help', async () => {
    const path = join(folder, 'store.db');
    const other = new DatabaseSync(path);
    other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE t (a)');
    await expect(openStore('sqlite:store.db', folder)).rejects.toMatchObject({
      type: 'unavailable',
      retryable: true,
      message: expect.stringMatching(/database is locked\. Another program holds it: stop that program/),
    });
    other.exec('ROLLBACK');
    other.close();
  });

  test('a SQLite file of another program is left alone', async () => {
    const other = new DatabaseSync(join(folder, 'store.db'));
    other.exec('CREATE TABLE t (a)');
    other.close();
    await expect(openStore('sqlite:store.db', folder)).rejects.toThrow('is a SQLite file of another program');
  });

  test('a file of a newer layout is left alone', async () => {
    await (await openStore('sqlite:store.db', folder)).close();
    const newer = new DatabaseSync(join(folder, 'store.db'));
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    await expect(openStore('sqlite:store.db', folder)).rejects.toThrow(
      'written by a newer Perdure (layout 99',
    );
  });
});

describe('writes that are asked for together', () => {
  const range = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

  test('happen in their order, each on what the one before left', async () => {
    const store = await openStore('sqlite:store.db', folder);
    const [first, again, second] = await Promise.all([
      store.put('a', 1, 'absent'),
      store.put('a', 2, 'absent'),
      store.put('a', 3, 'any'),
      store.delete('b', { version: 'none' }),
    ]);
    expect([first, again, second].map((version) => version !== undefined)).toEqual([true, false, true]);
    expect(await store.get('a')).toMatchObject({ value: 3, version: second });
    await store.close();
  });

  test('are many at once, and are there when the store closes right behind them', async () => {
    const store = await openStore('sqlite:store.db', folder);
    const writes = range(1_000).map((n) => store.put(`key-${String(n).padStart(4, '0')}`, n, 'absent'));
    await store.close();
    expect((await Promise.all(writes)).every((version) => version !== undefined)).toBe(true);
    const again = await openStore('sqlite:store.db', folder);
    const { documents } = await again.scan('key-', { limit: 1_000 });
    expect(documents.map(({ value }) => value)).toEqual(range(1_000));
    await again.close();
  });

  test('all fail, and none of them happens, when the file is locked', async () => {
    const store = await openStore('sqlite:store.db', folder);
    const other = new DatabaseSync(join(folder, 'store.db'));
    other.exec('BEGIN IMMEDIATE');
    const results = await Promise.allSettled(range(5).map((n) => store.put(`key-${n}`, n, 'absent')));
    other.exec('ROLLBACK');
    other.close();
    expect(results).toEqual(
      range(5).map(() => ({
        status: 'rejected',
        reason: expect.objectContaining({ type: 'unavailable', retryable: true }) as unknown,
      })),
    );
    expect((await store.scan('', { limit: 10 })).documents).toEqual([]);
    expect(await store.put('after', 1, 'absent')).toBeDefined();
    await store.close();
  });
});
