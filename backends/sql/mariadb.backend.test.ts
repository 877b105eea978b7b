import { sqlConformance } from './conformance.ts';
import { openSql } from './open.ts';

const url = process.env.PERDURE_TEST_MARIADB_URL ?? '';
const folders = { data: '', root: '' };

sqlConformance('mariadb', {
  open: (options) => openSql(url, { ...folders, ...options }),
  placeholder: () => '?',
  slow: 'SELECT SLEEP(120)',
  types: [
    ['1', 1],
    ['9007199254740993', '9007199254740993'],
    ['1.10', '1.10'],
    ['0.5e0', 0.5],
    ["'text'", 'text'],
    ['NULL', null],
    ["x'0102'", 'AQI='],
    ["DATE '2026-01-02'", '2026-01-02'],
    ["TIMESTAMP '2026-01-02 03:04:05'", '2026-01-02T03:04:05'],
    ["TIME '03:04:05'", '03:04:05'],
  ],
});
