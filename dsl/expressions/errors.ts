import type { Json } from '../json.ts';

/** The text is not an expression that this engine runs. Lines and columns count from 1, offsets from 0 in UTF-16 units. */
export class ExpressionSyntaxError extends Error {
  override readonly name: string = 'ExpressionSyntaxError';
  readonly offset: number;
  readonly line: number;
  readonly column: number;

  constructor(message: string, source: string, offset: number) {
    super(message);
    this.offset = offset;
    const before = source.slice(0, offset);
    this.line = before.split('\n').length;
    this.column = offset - before.lastIndexOf('\n');
  }
}

/** An error that the expression raised while it ran. `value` is what `catch` sees: jq's message, or any raised value. */
export class ExpressionError extends Error {
  override readonly name: string = 'ExpressionError';
  readonly value: Json;

  constructor(value: Json, message: string = typeof value === 'string' ? value : 'not a string') {
    super(message);
    this.value = value;
  }
}

/**
 * An error on its way through an expression, which may catch it. Not yet an Error: loops that raise and catch would
 * spend nearly all of their time on stack traces.
 */
export class Raised {
  readonly value: Json;
  readonly message: string;

  constructor(value: Json, message: string) {
    this.value = value;
    this.message = message;
  }
}

/** The expression asked for more than its limits allow. `try` and `?` inside the expression do not catch it. */
export class ExpressionLimitError extends ExpressionError {
  override readonly name: string = 'ExpressionLimitError';
}
