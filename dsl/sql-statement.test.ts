import { statementKind } from './sql-statement.ts';

test.each([
  ['SELECT 1', 'read'],
  ['  (select 1) union (select 2)', 'read'],
  ['-- why\n/* and how */ with a as (select 1) select * from a', 'read'],
  ['values (1)', 'read'],
  ['insert into a values (1)', 'write'],
  ['UPDATE a SET b = 1', 'write'],
  ['Merge into a using b on true', 'write'],
  ['/*! delete */ select 1', undefined],
  ['/*M! delete */ select 1', undefined],
  ['COMMIT', undefined],
  ['drop table a', undefined],
  ['SET a = 1', undefined],
  ['', undefined],
  ['-- nothing', undefined],
  ['/* open', undefined],
])('%p is %p', (statement, kind) => {
  expect(statementKind(statement)).toBe(kind);
});

test('a long run of what stands before a statement takes no time', () => {
  expect(statementKind('/**/'.repeat(50_000))).toBeUndefined();
  expect(statementKind('/*'.repeat(50_000))).toBeUndefined();
});
