/** What each error that a dependency throws is to the caller. */
import { NamespaceNotFoundError, ServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { LockSystemError } from '../backends/locks/port.ts';
import { StoreError } from '../backends/store/errors.ts';
import { grpcAnswer } from '../temporal/grpc-status.ts';
import { Problem } from './problem.ts';
import { TemporalDeadlineError } from './temporal-deadline.ts';

/** gRPC status codes that are not about Temporal being gone (https://grpc.io/docs/guides/status-codes/). */
const grpc = {
  cancelled: 1,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  failedPrecondition: 9,
} as const;

/** Turns whatever a handler threw into a problem; the unknown becomes `internal`, which says nothing of its cause. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return (
    temporalProblem(error) ??
    storeProblem(error) ??
    lockProblem(error) ??
    bodyProblem(error) ??
    internalProblem(error)
  );
}

/** True where Temporal gave no answer before the deadline that was set, or the call was ended early. */
export function isDeadline(error: unknown): boolean {
  const code = grpcAnswer(error)?.code;
  return error instanceof TemporalDeadlineError || code === grpc.deadlineExceeded || code === grpc.cancelled;
}

/** True where Temporal gave an update up because it has its workflow task done again. */
export function isInterruptedUpdate(error: unknown): boolean {
  const { code, details = '' } = grpcAnswer(error) ?? {};
  return code === grpc.failedPrecondition && /workflow task failure/i.test(details);
}

/** True where Temporal knows no such execution, or none that is open. */
export function isNotFound(error: unknown): boolean {
  if (error instanceof WorkflowNotFoundError) return true;
  const { code, details = '' } = grpcAnswer(error) ?? {};
  // The same status without a namespace means that Temporal lost what Perdure made at its start.
  return code === grpc.notFound && !/^namespace /i.test(details);
}

function temporalProblem(error: unknown): Problem | undefined {
  if (error instanceof WorkflowNotFoundError) return executionNotFound(error.workflowId, error);
  const { code, details = '' } = grpcAnswer(error) ?? {};
  if (isNotFound(error)) return executionNotFound('', error);
  if (code === grpc.invalidArgument) {
    return new Problem('invalid-request', `Temporal refused the request: ${details}`, { cause: error });
  }
  const known =
    code !== undefined ||
    error instanceof TemporalDeadlineError ||
    error instanceof NamespaceNotFoundError ||
    error instanceof ServiceError;
  if (!known) return undefined;
  return new Problem(
    'temporal-unavailable',
    'The Temporal server does not answer as it should. Try again soon.',
    {
      cause: error,
    },
  );
}

/** The 404 of an execution id. */
function executionNotFound(id: string, cause?: unknown): Problem {
  const detail = id === '' ? 'There is no such execution' : `There is no execution "${id}"`;
  return new Problem('execution-not-found', `${detail}, or its retention time has passed`, { cause });
}

function lockProblem(error: unknown): Problem | undefined {
  if (!(error instanceof LockSystemError)) return undefined;
  return new Problem('locks-unavailable', 'The lock system does not answer. Try again soon.', {
    cause: error,
  });
}

function storeProblem(error: unknown): Problem | undefined {
  if (!(error instanceof StoreError) || error.type === 'invalid') return undefined;
  return new Problem('store-unavailable', 'The store of definitions does not answer. Try again soon.', {
    cause: error,
  });
}

/** Errors of Express and its body parsers carry `status` and `type`. */
function bodyProblem(error: unknown): Problem | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  const type = 'type' in error ? error.type : undefined;
  if (type === 'entity.parse.failed') {
    return new Problem('invalid-json', `The body is not valid JSON: ${error.message}`, { cause: error });
  }
  if (error.status === 413) {
    const limit = 'limit' in error ? ` of ${String(error.limit)} bytes` : '';
    return new Problem('payload-too-large', `The body is over the limit${limit}`, { cause: error });
  }
  if (error.status === 415) return new Problem('unsupported-media-type', error.message, { cause: error });
  if (error.status >= 400 && error.status < 500) {
    return new Problem('invalid-request', `The request cannot be read: ${error.message}`, { cause: error });
  }
  return undefined;
}

function internalProblem(error: unknown): Problem {
  return new Problem('internal', 'The log says more under the request id.', { cause: error });
}
