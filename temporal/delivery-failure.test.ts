import { ServiceError } from '@temporalio/client';
import { InputTooLargeError } from './definition-start.ts';
import { deliveryFailure } from './delivery-failure.ts';

/** What the SDK throws where Temporal, or the way to it, answered with a status of gRPC. */
function serviceError(code: number, details: string): ServiceError {
  const cause = Object.assign(new Error(details), { code, details, metadata: {} });
  return new ServiceError('Failed to signal Workflow', { cause });
}

test.each([
  ['no connection', 14, 'No connection established. Last error: connect ECONNREFUSED', 'away'],
  ['no answer in time', 4, 'Deadline exceeded after 10s', 'away'],
  ['a rate limit', 8, 'namespace rate limit exceeded', 'away'],
  ['a key that has expired', 16, 'Request unauthorized.', 'away'],
  [
    'an execution that is full until a worker works',
    3,
    'exceeded workflow execution limit for signal events',
    'away',
  ],
  ['a payload over the limit', 3, 'Blob data size exceeds limit.', 'too-large'],
  [
    'a message over the limit',
    8,
    'grpc: received message larger than max (4194400 vs. 4194304)',
    'too-large',
  ],
  ['what is not a valid request', 3, 'WorkflowId length exceeds limit.', 'refused'],
  ['a defect of the server', 13, 'runtime error: index out of range', 'unclear'],
  ['a database that is closing', 2, 'sql: database is closed', 'unclear'],
])('%s', (_what, code, details, failure) => {
  expect(deliveryFailure(serviceError(code, details))).toBe(failure);
});

test('what does not come from Temporal', () => {
  expect(deliveryFailure(new InputTooLargeError('1 MB'))).toBe('too-large');
  expect(deliveryFailure(new TypeError('x is not a function'))).toBe('unclear');
  expect(deliveryFailure('text')).toBe('unclear');
});
