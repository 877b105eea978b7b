import { listQuery, quoted } from './list-query.ts';

const always = `PerdureDefinition IS NOT NULL AND ExecutionStatus != 'ContinuedAsNew'`;

it('leaves out runs that continued as new and what Perdure did not start', () => {
  expect(listQuery({})).toBe(always);
});

it('joins every filter', () => {
  expect(
    listQuery({
      workflow: 'shop/fulfil',
      version: '1.0.0',
      startedAfter: '2026-01-01T00:00:00Z',
      startedBefore: '2026-02-01T00:00:00Z',
      idPrefix: 'order-',
      errorType: 'https://example.com/no-stock',
    }),
  ).toBe(
    [
      always,
      `PerdureDefinition = 'shop/fulfil'`,
      `PerdureVersion = '1.0.0'`,
      `StartTime > '2026-01-01T00:00:00Z'`,
      `StartTime < '2026-02-01T00:00:00Z'`,
      `WorkflowId STARTS_WITH 'order-'`,
      `PerdureErrorType = 'https://example.com/no-stock'`,
    ].join(' AND '),
  );
});

it.each([
  ['completed', `ExecutionStatus = 'Completed'`],
  ['cancelled', `ExecutionStatus IN ('Canceled', 'Terminated')`],
  [
    'faulted',
    `(ExecutionStatus IN ('Failed', 'TimedOut') OR (ExecutionStatus = 'Running' AND PerdureStatus = 'faulted'))`,
  ],
  ['suspended', `ExecutionStatus = 'Running' AND PerdureStatus = 'suspended'`],
  ['running', `ExecutionStatus = 'Running' AND PerdureStatus = 'running'`],
  ['waiting', `ExecutionStatus = 'Running' AND PerdureStatus = 'waiting'`],
] as const)('finds %s executions', (status, clause) => {
  expect(listQuery({ status })).toBe(`${always} AND ${clause}`);
});

it('cannot be broken out of', () => {
  expect(quoted(`x' OR 'a' = 'a`)).toBe(`'x\\' OR \\'a\\' = \\'a'`);
  expect(quoted(`x\\' OR 1=1 --`)).toBe(`'x\\\\\\' OR 1=1 --'`);
});

it('compares error types as far as the search attribute keeps them', () => {
  expect(listQuery({ errorType: 'e'.repeat(300) })).toContain(`PerdureErrorType = '${'e'.repeat(255)}'`);
});
