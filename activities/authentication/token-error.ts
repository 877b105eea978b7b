import type { StandardError } from '../../dsl/errors.ts';

/** Thrown when a policy gives no token; it becomes the fault of each task that waits for one. */
export class TokenError extends Error {
  override readonly name = 'TokenError';
  readonly error: StandardError;
  /** The status of the fault; that of the standard error when absent. */
  readonly status?: number;

  constructor(
    error: StandardError,
    message: string,
    options: ErrorOptions & { readonly status?: number } = {},
  ) {
    super(message, options);
    this.error = error;
    this.status = options.status;
  }
}
