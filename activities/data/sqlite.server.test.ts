import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { bindingsConformance } from './bindings-conformance.ts';

const data = mkdtempSync(join(tmpdir(), 'perdure-bindings-'));
const root = resolve(__dirname, '../..');

afterAll(() => rmSync(data, { recursive: true, force: true }));

// A file is for one of the two.
bindingsConformance('SQLite, with documents', {
  url: () => Promise.resolve('sqlite:documents.db'),
  data,
  root,
});

bindingsConformance('SQLite, with SQL', {
  url: () => Promise.resolve('sqlite:shop.db'),
  data,
  root,
  hasDocuments: false,
  sql: {
    slow: 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n',
    prepare: [],
    disguised: 'WITH two AS (SELECT 2 AS n) INSERT INTO numbers (n) SELECT n FROM two RETURNING n',
    insert: 'INSERT INTO numbers (n) VALUES (?)',
  },
});
