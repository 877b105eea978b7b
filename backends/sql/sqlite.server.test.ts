import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { sqlConformance } from './conformance.ts';
import { openSql } from './open.ts';

const data = mkdtempSync(join(tmpdir(), 'perdure-sql-'));
const folders = { data, root: resolve(__dirname, '../..') };

afterAll(() => rmSync(data, { recursive: true, force: true }));

sqlConformance('sqlite', {
  open: (options) => openSql('sqlite:shop.db', { ...folders, ...options }),
  placeholder: () => '?',
  slow: 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n',
  types: [
    ['1', 1],
    ['9007199254740993', '9007199254740993'],
    ['0.5', 0.5],
    ['9e999', 'Infinity'],
    ["'text'", 'text'],
    ['NULL', null],
    ["x'0102'", 'AQI='],
  ],
});

test('a read makes no file', async () => {
  const database = await openSql('sqlite:nothing.db', { ...folders, rememberDays: 30 });
  const asked = database.read({
    statement: 'SELECT 1',
    parameters: [],
    maxRows: 1,
    maxBytes: 100,
    timeoutMs: 5_000,
    signal: new AbortController().signal,
  });
  await expect(asked).rejects.toMatchObject({ type: 'invalid' });
  await database.close();
});
