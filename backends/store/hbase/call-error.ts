/** Why a call of HBase's failed, and what that says about trying it again. */
import type { RemoteException } from './frames.ts';

/** What is known about a call that failed. */
export interface Failure {
  /** Whether another attempt may succeed: later, or at the server that has the region now. */
  readonly retry: boolean;
  /** Whether the server may have done what it was asked, or still do it. */
  readonly mayHaveRun: boolean;
  /** The simple name of the server's exception, where it answered with one. */
  readonly exception?: string;
}

export class CallError extends Error {
  override readonly name = 'CallError';
  readonly retry: boolean;
  readonly mayHaveRun: boolean;
  readonly exception: string | undefined;

  constructor(message: string, { retry, mayHaveRun, exception }: Failure, options?: ErrorOptions) {
    super(message, options);
    this.retry = retry;
    this.mayHaveRun = mayHaveRun;
    this.exception = exception;
  }
}

/**
 * Exceptions with which a server refuses a call before it does anything: it has not got the region (any more, or yet), it
 * begins or ends, or it has too much to do.
 */
const refusals = new Set([
  'CallDroppedException',
  'CallQueueTooBigException',
  'MasterNotRunningException',
  'NotServingRegionException',
  'PleaseHoldException',
  'RegionInRecoveryException',
  'RegionMovedException',
  'RegionOpeningException',
  'RegionServerAbortedException',
  'RegionServerStoppedException',
  'RegionTooBusyException',
  'RpcThrottlingException',
  'ServerNotRunningYetException',
  'ServerTooBusyException',
  'WrongRegionException',
]);

/** Exceptions that come again however often it is tried, for answers that do not say so themselves. */
const refusedForGood = new Set([
  'AccessDeniedException',
  'DoNotRetryIOException',
  'FailedSanityCheckException',
  'NoSuchColumnFamilyException',
  'SpaceLimitingException',
]);

/** The error for an exception that a server answered with. */
export function remoteError({ exceptionClassName, stackTrace, doNotRetry }: RemoteException): CallError {
  const exception = simpleName(exceptionClassName);
  // The stack below the message is of use to HBase's developers alone.
  const [text = ''] = stackTrace.split(/\r?\n\s*at /, 1);
  const message = text.startsWith(exceptionClassName) ? text.slice(exceptionClassName.length + 2) : text;
  // A server that stops says of its calls that they shall not be tried again: it means at itself.
  const isRefusal = refusals.has(exception);
  const isFinal = doNotRetry || refusedForGood.has(exception);
  return new CallError(`${exception}: ${message.trim()}`, {
    retry: isRefusal || !isFinal,
    mayHaveRun: !isRefusal && !isFinal,
    exception,
  });
}

function simpleName(className: string): string {
  return className.slice(className.lastIndexOf('.') + 1).replace(/^.*\$/, '');
}
