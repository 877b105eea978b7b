/**
 * What went wrong in a store: `unavailable` when the database cannot be opened or reached (trying again may help when
 * `retryable`), `closed` after `close()`, `invalid` when the caller handed in a key, value, limit or cursor that no
 * store takes.
 */
export type StoreErrorType = 'unavailable' | 'closed' | 'invalid';

/** Thrown by every store operation that fails; the message says what a person can do about it. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly type: StoreErrorType;
  readonly retryable: boolean;

  constructor(type: StoreErrorType, message: string, options: ErrorOptions & { retryable?: boolean } = {}) {
    super(message, options);
    this.type = type;
    this.retryable = options.retryable ?? false;
  }
}

/** The text of whatever was thrown: an error of Node's core may come from another realm, so its class says nothing. */
export function reasonOf(cause: unknown): string {
  return typeof cause === 'object' && cause !== null && 'message' in cause
    ? String(cause.message)
    : String(cause);
}
