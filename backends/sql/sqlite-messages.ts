/** What the process of an SQLite database and the one that asks it say to each other. */
import type { SqlErrorType } from './errors.ts';
import type { SqlAnswer, SqlRequest } from './port.ts';

/** A statement; with a key it is a write. */
export type SqliteStatement = Pick<SqlRequest, 'statement' | 'parameters' | 'maxRows' | 'maxBytes'> & {
  readonly path: string;
  readonly key?: string;
};

/** Removes some of the calls that were made before so many days; its answer has how many. */
export interface SqliteForget {
  readonly path: string;
  readonly forgetDays: number;
}

export type SqliteRequest = SqliteStatement | SqliteForget;

export type SqliteReply =
  | { readonly ok: true; readonly answer: SqlAnswer }
  | { readonly ok: false; readonly type: SqlErrorType; readonly message: string };
