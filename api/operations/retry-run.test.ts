import type { WorkflowExecutionDescription } from '@temporalio/client';
import { Problem } from '../problem.ts';
import { earlierRetry } from './retry-run.ts';

/** The latest run of an execution: the one that a retry of `run-1` started, and that continued as new since. */
function latestRun(memo: Record<string, unknown>): WorkflowExecutionDescription {
  const raw = { workflowExecutionInfo: { firstRunId: 'run-2' } };
  return { runId: 'run-3', memo, raw } as unknown as WorkflowExecutionDescription;
}

const retried = latestRun({
  perdureRetryOf: 'run-1',
  perdureRetryRequest: { key: 'k', digest: 'same' },
});
const found = { runId: 'run-2', retryOf: 'run-1', replayed: true };

test('a retry is known again by its key, and by the run that it names', () => {
  expect(earlierRetry(retried, undefined, { key: 'k', digest: 'same' })).toEqual(found);
  expect(earlierRetry(retried, 'run-1', { digest: 'same' })).toEqual(found);
});

test('another key, no key, or another run is another retry', () => {
  expect(earlierRetry(retried, undefined, { key: 'other', digest: 'same' })).toBeUndefined();
  expect(earlierRetry(retried, undefined, { digest: 'same' })).toBeUndefined();
  expect(earlierRetry(retried, 'run-3', { digest: 'same' })).toBeUndefined();
  expect(earlierRetry(latestRun({}), undefined, { digest: 'same' })).toBeUndefined();
});

test('the same key or run with another input is refused', () => {
  const problem = (named: string | undefined, key: string | undefined): string | undefined => {
    try {
      earlierRetry(retried, named, { key, digest: 'other' });
      return undefined;
    } catch (error) {
      return error instanceof Problem ? error.problem : String(error);
    }
  };
  expect(problem(undefined, 'k')).toBe('idempotency-conflict');
  expect(problem('run-1', undefined)).toBe('execution-not-faulted');
});
