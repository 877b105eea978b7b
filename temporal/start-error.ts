/**
 * Something that only a person can put right stopped the start. The message says what happened and what to do; it is
 * printed without a stack.
 */
export class StartError extends Error {
  override readonly name: string = 'StartError';
}

/** A command line that cannot be meant: the message says how it is used. */
export class UsageError extends StartError {
  override readonly name = 'UsageError';
}

/** The message of whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
