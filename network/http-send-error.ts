import { isNativeError } from 'node:util/types';

/**
 * Why a request got no usable reply:
 *
 * - `forbidden-address`: the address guard refused the host or what it resolves to
 * - `invalid-request`: the URL, method or a header can not be sent
 * - `timeout`: no full reply within the request's time
 * - `unreachable`: no connection: refused, no route, no such name
 * - `broken-off`: the connection ended before the reply did, or TLS or HTTP was not spoken properly
 * - `too-large`: the reply is larger than the request's limit
 * - `too-many-redirects`: the reply redirects once more than is followed
 */
export type HttpSendErrorKind =
  | 'forbidden-address'
  | 'invalid-request'
  | 'timeout'
  | 'unreachable'
  | 'broken-off'
  | 'too-large'
  | 'too-many-redirects';

export interface HttpSendErrorOptions extends ErrorOptions {
  /** Where that is not to be seen from kind and cause. */
  readonly isUnsent?: boolean;
}

/** Thrown by the HTTP sender for everything but a reply and a cancellation. The message names no query string. */
export class HttpSendError extends Error {
  override readonly name = 'HttpSendError';
  readonly kind: HttpSendErrorKind;
  /** Whether no byte of the request can have reached anybody, so that it is safe to send it elsewhere. */
  readonly isUnsent: boolean;

  constructor(kind: HttpSendErrorKind, message: string, options: HttpSendErrorOptions = {}) {
    super(message, options);
    this.kind = kind;
    this.isUnsent = options.isUnsent ?? (kind === 'forbidden-address' || failedToConnect(options.cause));
  }
}

const unreachable = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EAI_NODATA',
  'EAI_NONAME',
]);

const timedOut = new Set(['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT']);
const invalid = new Set(['UND_ERR_INVALID_ARG', 'UND_ERR_NOT_SUPPORTED', 'ERR_INVALID_CHAR']);

/** Puts a failure of undici, Node's sockets, DNS or TLS into one of our kinds. `what` is `GET https://host/path`. */
export function fromTransportError(error: unknown, what: string): HttpSendError {
  if (error instanceof HttpSendError) return error;
  const codes = errorCodes(error);
  const message = isNativeError(error) ? error.message : String(error);
  const fails = (kind: HttpSendErrorKind, text: string): HttpSendError =>
    new HttpSendError(kind, `${what} ${text} (${codes[0] ?? message})`, { cause: error });
  if (codes.some((code) => timedOut.has(code))) return fails('timeout', 'got no connection in time');
  if (codes.some((code) => unreachable.has(code))) return fails('unreachable', 'got no connection');
  if (codes.some((code) => invalid.has(code))) {
    return new HttpSendError('invalid-request', `${what} cannot be sent: ${message}`, { cause: error });
  }
  return fails('broken-off', 'got no complete answer');
}

/** The same errors can end a connection that stood: the system call tells which it was. */
function failedToConnect(error: unknown): boolean {
  if (!isNativeError(error)) return false;
  if ('errors' in error && Array.isArray(error.errors)) return error.errors.every(failedToConnect);
  if ('code' in error && error.code === 'UND_ERR_CONNECT_TIMEOUT') return true;
  if ('syscall' in error) return error.syscall === 'connect' || error.syscall === 'getaddrinfo';
  return error.cause !== undefined && failedToConnect(error.cause);
}

// A connection tried over several addresses fails with an AggregateError, whose own code may be missing.
function errorCodes(error: unknown): string[] {
  if (!isNativeError(error)) return [];
  const own = 'code' in error && typeof error.code === 'string' ? [error.code] : [];
  const inner = 'errors' in error && Array.isArray(error.errors) ? error.errors.flatMap(errorCodes) : [];
  return [...own, ...inner, ...errorCodes(error.cause)];
}
