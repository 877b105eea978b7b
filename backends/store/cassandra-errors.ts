import { errors, types } from 'cassandra-driver';
import { migrateAdvice, unreachable } from './errors.ts';
import type { Advice } from './errors.ts';

const codes = types.responseErrorCodes;
/** Not in the driver's list: a lightweight transaction that may or may not be applied. */
const casWriteUnknown = 0x1700;

/** True where the server gave up on a transaction that it may have made all the same. */
export function isOutcomeUnknown(cause: unknown): boolean {
  if (!(cause instanceof errors.ResponseError)) return false;
  return [codes.writeTimeout, codes.writeFailure, casWriteUnknown].includes(cause.code);
}

const overloaded: Advice = { advice: 'See what holds its nodes up.', retryable: true };
const tooFew: Advice = {
  advice: 'Too few of its nodes are up for a quorum: see which are away.',
  retryable: true,
};
const credentials: Advice = { advice: 'Check user and password in `store` (PERDURE_STORE).' };

const advices: ReadonlyMap<number, Advice> = new Map([
  [codes.badCredentials, credentials],
  [codes.unauthorized, migrateAdvice],
  [codes.unavailableException, tooFew],
  [codes.overloaded, overloaded],
  [codes.isBootstrapping, overloaded],
  [codes.writeTimeout, overloaded],
  [codes.readTimeout, overloaded],
  [codes.readFailure, overloaded],
  [codes.writeFailure, overloaded],
  [casWriteUnknown, overloaded],
]);

/** What to do about an error of the driver. Whatever is not an answer of a node is about reaching one. */
export function adviceFor(cause: unknown): Advice {
  if (cause instanceof errors.AuthenticationError) return credentials;
  if (cause instanceof errors.NoHostAvailableError) {
    const inner = Object.values(cause.innerErrors as Readonly<Record<string, unknown>>);
    return inner.some((one) => one instanceof errors.AuthenticationError) ? credentials : unreachable;
  }
  if (cause instanceof errors.ArgumentError) {
    return { advice: 'Set the parameter localDataCenter to one of them in `store` (PERDURE_STORE).' };
  }
  if (!(cause instanceof errors.ResponseError)) return unreachable;
  return advices.get(cause.code) ?? { advice: 'The log of its nodes says more.' };
}
