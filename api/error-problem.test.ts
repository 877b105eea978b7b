import { StoreError } from '../backends/store/errors.ts';
import { problemOf } from './error-problem.ts';
import { Problem } from './problem.ts';
import { TemporalDeadlineError } from './temporal-deadline.ts';

it('shows nothing of an unexpected error', () => {
  const body = problemOf(new Error('secret path /root/x')).body('req-1');
  expect(body).toEqual({
    type: 'urn:perdure:problem:internal',
    title: 'Something went wrong in Perdure',
    status: 500,
    detail: 'The log says more under the request id.',
    requestId: 'req-1',
  });
});

it('says when to come back after Temporal or the store was gone', () => {
  for (const error of [new TemporalDeadlineError('late'), new StoreError('unavailable', 'gone')]) {
    const problem = problemOf(error);
    expect(problem.status).toBe(503);
    expect(problem.headers).toHaveProperty('Retry-After', '5');
  }
});

it('keeps a problem as it is, its extension members included', () => {
  const problem = new Problem('execution-ended', 'It has ended', { members: { status: 'completed' } });
  expect(problemOf(problem)).toBe(problem);
  // `status` is the HTTP status of the problem in RFC 9457 and must not be hidden by a member.
  expect(problem.body('r').status).toBe(409);
});
