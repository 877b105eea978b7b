/**
 * What went wrong in a store: `unavailable` when the database cannot be opened or reached (trying again may help when
 * `retryable`), `closed` after `close()`, `invalid` when the caller handed in a URL, key, value, limit or cursor that
 * the store does not take.
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

/** What a person can do about an error, and whether trying again can help. */
export interface Advice {
  readonly advice: string;
  readonly retryable?: boolean;
}

/** For a server that cannot be reached, or that ended a connection. */
export const unreachable: Advice = {
  advice: 'Check that it runs and can be reached from here.',
  retryable: true,
};

/** For a user that may not create what the store needs. */
export const migrateAdvice: Advice = {
  advice:
    'Run `perdure store migrate` with a user in PERDURE_STORE who may create tables; docs/stores.md lists the rights that the service needs then.',
};

/** What to do about a certificate that does not hold; undefined where the cause is another one. */
export function certificateAdvice(cause: unknown): Advice | undefined {
  // Some clients put another code in the place of Node's: what stays is the text.
  const reason = reasonOf(cause);
  if (/altnames/.test(reason)) {
    return {
      advice: 'Name the host as its certificate does; or say by tlsServerName which name it has there.',
    };
  }
  const isOther =
    /self-signed certificate|unable to (?:verify|get)[\w ]* certificate|certificate (?:has expired|is not yet valid)/;
  if (!isOther.test(reason)) return undefined;
  return { advice: 'Name the file of its authority by tlsCaFile (tlsCAFile with mongodb:).' };
}

/** A store error for a client's error: which store, why, and what to do. */
export function unavailable(name: string, cause: unknown, otherwise: Advice): StoreError {
  const { advice, retryable } = certificateAdvice(cause) ?? otherwise;
  // Behind the first line some clients put a stack.
  const reason = reasonOf(cause).replace(/[.\s]*(?:\n.*)?$/s, '');
  return new StoreError('unavailable', `The store ${name} cannot be used: ${reason}. ${advice}`, {
    cause,
    retryable,
  });
}

/** For a store that a newer Perdure changed: `what` says to what. */
export function newerLayout(name: string, what: string): StoreError {
  return new StoreError(
    'unavailable',
    `The store ${name} was changed by a newer Perdure (${what}). Start that version, or restore a backup from before the upgrade; docs/operations/data.md says how.`,
  );
}

/** The text of whatever was thrown: an error of Node's core may come from another realm, so its class says nothing. */
export function reasonOf(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null || !('message' in cause)) return String(cause);
  // A host with several addresses fails with one error for each, under a message that is empty.
  const errors: readonly unknown[] =
    'errors' in cause && Array.isArray(cause.errors) && cause.message === '' ? cause.errors : [];
  return errors.length > 0 ? errors.map(reasonOf).join(', ') : String(cause.message);
}

/** The code that Node or a client gave an error; empty where it has none. */
export function codeOf(cause: unknown): string {
  return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
}
