import { status } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import { isNativeError } from 'node:util/types';
import { standardFault } from '../../dsl/errors.ts';
import type { StandardError, WorkflowFault } from '../../dsl/errors.ts';
import { tooLarge } from '../output-size.ts';

interface FaultKind {
  readonly error: StandardError;
  readonly status: number;
}

const communication = (httpStatus: number): FaultKind => ({ error: 'communication', status: httpStatus });

/** The error of each status, with the HTTP status that gRPC's gateways answer for it. */
const kinds: Readonly<Record<number, FaultKind>> = {
  [status.CANCELLED]: communication(499),
  [status.UNKNOWN]: communication(500),
  [status.INVALID_ARGUMENT]: communication(400),
  [status.DEADLINE_EXCEEDED]: { error: 'timeout', status: 408 },
  [status.NOT_FOUND]: communication(404),
  [status.ALREADY_EXISTS]: communication(409),
  [status.PERMISSION_DENIED]: { error: 'authorization', status: 403 },
  [status.RESOURCE_EXHAUSTED]: communication(429),
  [status.FAILED_PRECONDITION]: communication(400),
  [status.ABORTED]: communication(409),
  [status.OUT_OF_RANGE]: communication(400),
  [status.UNIMPLEMENTED]: communication(501),
  [status.INTERNAL]: communication(500),
  [status.UNAVAILABLE]: communication(503),
  [status.DATA_LOSS]: communication(500),
  [status.UNAUTHENTICATED]: { error: 'authentication', status: 401 },
};

/** Whether `error` is the status that a call ended with. */
export function isServiceError(error: unknown): error is ServiceError {
  return isNativeError(error) && 'code' in error && typeof error.code === 'number' && 'details' in error;
}

/** The definition's error for a call that ended with another status than OK. `label` names method and server. */
export function grpcFault(error: ServiceError, label: string, reference: string): WorkflowFault {
  const { code, details } = error;
  // grpc-js's own words: the only sign that the limit is ours and not the server's.
  if (code === status.RESOURCE_EXHAUSTED && details.startsWith('Received message larger than max')) {
    return tooLarge(`${label} answered with a message that is too large`, reference);
  }
  const kind = kinds[code] ?? communication(500);
  const name = status[code] ?? `status ${code}`;
  return standardFault(
    kind.error,
    reference,
    `${label} answered ${name}${details === '' ? '' : `: ${details}`}`,
    {
      status: kind.status,
      title: name,
      cause: error,
    },
  );
}
