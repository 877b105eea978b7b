import { certificateAdvice, reasonOf } from '../store/errors.ts';

/**
 * What went wrong: the statement broke a constraint (`conflict`), wrote where it may not (`read-only`), was wrong in
 * another way (`statement`), had a value that does not fit (`value`), gave too much (`too-large`), took too long
 * (`late`); the URL or its rights are wrong (`invalid`), or the database is away or busy (`unavailable`), in which case
 * trying again helps.
 */
export type SqlErrorType =
  'conflict' | 'read-only' | 'statement' | 'value' | 'too-large' | 'late' | 'invalid' | 'unavailable';

/** Thrown by every operation of an SQL database that fails. */
export class SqlError extends Error {
  override readonly name = 'SqlError';
  readonly type: SqlErrorType;

  constructor(type: SqlErrorType, message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.type = type;
  }
}

/** For an error that is not the server's own word: it is away or the connection broke, or its certificate does not hold. */
export function connectionError(cause: unknown): SqlError {
  const certificate = certificateAdvice(cause);
  if (certificate === undefined) return new SqlError('unavailable', reasonOf(cause), { cause });
  return new SqlError('invalid', `${reasonOf(cause)}. ${certificate.advice}`, { cause });
}

/** For an answer that did not come in time. */
export function lateError(timeoutMs: number, cause?: unknown): SqlError {
  return new SqlError('late', `the statement has not ended within ${timeoutMs} ms`, { cause });
}
