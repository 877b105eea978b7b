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

/** For an answer that did not come in time. */
export function lateError(timeoutMs: number, cause?: unknown): SqlError {
  return new SqlError('late', `the statement has not ended within ${timeoutMs} ms`, { cause });
}
