import { standardFault } from '../../dsl/errors.ts';
import type { StandardError } from '../../dsl/errors.ts';
import { HttpSendError } from '../../network/http-send-error.ts';
import type { HttpSendErrorKind } from '../../network/http-send-error.ts';

interface FaultKind {
  readonly error: StandardError;
  readonly status: number;
  readonly title: string;
}

const faults: Readonly<Record<HttpSendErrorKind, FaultKind>> = {
  'forbidden-address': { error: 'authorization', status: 403, title: 'Forbidden Address' },
  'invalid-request': { error: 'configuration', status: 400, title: 'Invalid Request' },
  timeout: { error: 'timeout', status: 408, title: 'Request Timeout' },
  unreachable: { error: 'communication', status: 503, title: 'Service Unavailable' },
  'broken-off': { error: 'communication', status: 502, title: 'Bad Gateway' },
  'too-large': { error: 'runtime', status: 413, title: 'Content Too Large' },
  'too-many-redirects': { error: 'communication', status: 508, title: 'Loop Detected' },
};

/**
 * The definition's error for a request that got no reply; `sizeSetting` is the setting that limits the reply's size.
 * Whatever else was thrown comes back as it is.
 */
export function sendFault(error: unknown, reference: string, sizeSetting?: string): unknown {
  if (!(error instanceof HttpSendError)) return error;
  const { error: name, status, title } = faults[error.kind];
  return standardFault(name, reference, detailOf(error, sizeSetting), { status, title, cause: error });
}

function detailOf({ kind, message }: HttpSendError, sizeSetting: string | undefined): string {
  if (kind === 'forbidden-address') return `forbidden-address: ${message}`;
  return kind === 'too-large' && sizeSetting !== undefined ? `${message} (${sizeSetting})` : message;
}
