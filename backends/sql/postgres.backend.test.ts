import { sqlConformance } from './conformance.ts';
import { openSql } from './open.ts';

const url = process.env.PERDURE_TEST_POSTGRES_URL ?? '';
const folders = { data: '', root: '' };

sqlConformance('postgres', {
  open: (options) => openSql(url, { ...folders, ...options }),
  placeholder: (number) => `$${number}`,
  slow: 'SELECT pg_sleep(120)',
  types: [
    ['1::int2', 1],
    ['count(*) OVER ()', 1],
    ['9007199254740993::int8', '9007199254740993'],
    ['1.10::numeric', '1.10'],
    ['0.5::float8', 0.5],
    ["'NaN'::float8", 'NaN'],
    ['true', true],
    ["'text'::text", 'text'],
    ['NULL', null],
    ["'\\x0102'::bytea", 'AQI='],
    ["date '2026-01-02'", '2026-01-02'],
    ["timestamp '2026-01-02 03:04:05.6'", '2026-01-02T03:04:05.6'],
    ["timestamptz '2026-01-02 03:04:05+01'", '2026-01-02T02:04:05Z'],
    ["interval '1 day 2 hours'", 'P1DT2H'],
    [`'{"a": [1]}'::jsonb`, { a: [1] }],
    ["ARRAY['a', 'b']", '{a,b}'],
  ],
});
