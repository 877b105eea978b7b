import { MongoBulkWriteError, MongoServerError } from 'mongodb';
import { unreachable } from './errors.ts';
import type { Advice } from './errors.ts';

/** True for an insert whose `_id` is taken. */
export function isDuplicate(cause: unknown): boolean {
  return cause instanceof MongoServerError && cause.code === 11_000;
}

/** Which of many inserts found their `_id` taken, by their index; throws the error where anything else went wrong. */
export function duplicatesIn(cause: unknown): readonly number[] {
  if (!(cause instanceof MongoBulkWriteError)) throw cause;
  const failures = [cause.writeErrors].flat();
  const isOther = failures.length === 0 || failures.some(({ code }) => code !== 11_000);
  if (isOther || cause.result.getWriteConcernError() !== undefined) throw cause;
  return failures.map(({ index }) => index);
}

// Error codes of MongoDB, https://www.mongodb.com/docs/manual/reference/error-codes/
const advices: Readonly<Record<number, Advice>> = {
  13: { advice: 'Grant this user the role readWrite on the database.' },
  18: { advice: 'Check user, password and authSource in `store` (PERDURE_STORE).' },
  8000: { advice: 'Check user and password in `store` (PERDURE_STORE).' },
  50: { advice: 'See what holds the server up.', retryable: true },
  14031: { advice: 'The disk of the server is full: free some space.', retryable: true },
};

/** What to do about an error of the driver. Whatever is not an answer of a server is about reaching one. */
export function adviceFor(cause: unknown): Advice {
  if (!(cause instanceof MongoServerError)) {
    const isUrl =
      cause instanceof Error && /^Mongo(?:Parse|InvalidArgument|API|MissingCredentials)/.test(cause.name);
    return isUrl ? { advice: 'Check `store` (PERDURE_STORE); docs/stores.md has examples.' } : unreachable;
  }
  const known = advices[Number(cause.code)];
  if (known !== undefined) return known;
  // Elections, and servers that stop.
  if (cause.hasErrorLabel('RetryableWriteError') || cause.hasErrorLabel('RetryableError')) return unreachable;
  return { advice: 'The log of the server says more.' };
}
