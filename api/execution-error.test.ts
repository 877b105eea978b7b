import {
  ActivityFailure,
  ApplicationFailure,
  RetryState,
  TimeoutFailure,
  TimeoutType,
} from '@temporalio/common';
import { executionError } from './execution-error.ts';

const notFound = {
  type: 'https://example.com/errors/no-stock',
  status: 404,
  instance: '/do/0/reserve',
  title: 'No stock',
};

function fault(message: string, type?: string, details: unknown[] = []): ApplicationFailure {
  return ApplicationFailure.create({ message, type, details });
}

it("is the error that the interpreter put into the failure's details", () => {
  expect(executionError(fault('No stock', notFound.type, [notFound]))).toEqual(notFound);
});

it('is found behind the activity that failed with it', () => {
  const cause = fault('No stock', 'perdure/fault', [notFound]);
  const failure = new ActivityFailure(
    'Activity task failed',
    'callHttp',
    '1',
    RetryState.NON_RETRYABLE_FAILURE,
    'worker',
    cause,
  );
  expect(executionError(failure)).toEqual(notFound);
});

it('is a runtime error with the deepest message for a TypeScript workflow, without its stack', () => {
  const failure = new ActivityFailure(
    'Activity task failed',
    'charge',
    '1',
    RetryState.MAXIMUM_ATTEMPTS_REACHED,
    'worker',
    fault('card declined', 'CardDeclined'),
  );
  const error = executionError(failure);
  expect(error).toEqual({
    type: 'https://open-workflow-specification.org/spec/1.0.0/errors/runtime',
    status: 500,
    instance: '/',
    title: 'CardDeclined',
    detail: 'card declined',
  });
  expect(JSON.stringify(error)).not.toContain('at ');
});

it('is a timeout where time ran out', () => {
  const failure = new TimeoutFailure('Workflow execution timed out', undefined, TimeoutType.START_TO_CLOSE);
  expect(executionError(failure)).toMatchObject({ status: 408, title: 'Timeout' });
});

it('is still an error where the failure says nothing', () => {
  expect(executionError(undefined)).toMatchObject({ status: 500 });
});
