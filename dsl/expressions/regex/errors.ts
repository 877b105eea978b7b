class RegexError extends Error {
  /** How many instructions had been made of the pattern. */
  work = 0;
}

/** A pattern that Oniguruma refuses too; the message is its own. */
export class RegexSyntaxError extends RegexError {
  override readonly name = 'RegexSyntaxError';
}

/** A pattern that Oniguruma takes and this engine does not; the message says what it cannot do. */
export class UnsupportedRegex extends RegexError {
  override readonly name = 'UnsupportedRegex';
}

export function fail(message: string): never {
  throw new RegexSyntaxError(message);
}

export function unsupported(what: string): never {
  throw new UnsupportedRegex(`${what} not supported`);
}
