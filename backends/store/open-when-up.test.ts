import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openStore } from './open.ts';
import { openStoreWhenUp } from './open-when-up.ts';

test('a store that comes while it is waited for is opened, and the wait is told once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'perdure-wait-'));
  const other = new DatabaseSync(join(folder, 'store.db'));
  other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE t (a)');
  const told: string[] = [];
  const opening = openStoreWhenUp('sqlite:store.db', folder, {
    waitMs: 30_000,
    // Whoever held the file lets it go once the service waits.
    warn: (line) => {
      told.push(line);
      other.exec('ROLLBACK');
      other.close();
    },
  });
  await (await opening).close();
  expect(told).toEqual([expect.stringMatching(/database is locked.* Trying again for 30 s\.$/)]);
  rmSync(folder, { recursive: true });
});

test('one that does not come fails as it did, and one that cannot come fails at once', async () => {
  const warn = jest.fn();
  // Loading the client may take longer than the wait.
  await expect(openStore('postgres://127.0.0.1:1/x', '')).rejects.toThrow();
  const gone = openStoreWhenUp('postgres://127.0.0.1:1/x', '', { waitMs: 1_000, warn });
  await expect(gone).rejects.toMatchObject({ type: 'unavailable', retryable: true });
  expect(warn).toHaveBeenCalledTimes(1);
  const wrong = openStoreWhenUp('oracle:x', '', { waitMs: 60_000, warn });
  await expect(wrong).rejects.toMatchObject({ type: 'invalid' });
  expect(warn).toHaveBeenCalledTimes(1);
});
