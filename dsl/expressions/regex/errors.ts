/** A pattern that Oniguruma refuses too; the message is its own. */
export class RegexSyntaxError extends Error {
  override readonly name = 'RegexSyntaxError';
}

/** A pattern that Oniguruma takes and this engine does not; the message says what it cannot do. */
export class UnsupportedRegex extends Error {
  override readonly name = 'UnsupportedRegex';
}

export function fail(message: string): never {
  throw new RegexSyntaxError(message);
}

export function unsupported(what: string): never {
  throw new UnsupportedRegex(`${what} not supported`);
}
