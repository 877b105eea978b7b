import { ExpressionSyntaxError } from './errors.ts';
import type { Token } from './lexer.ts';

// Every open bracket costs a handful of nested calls here, in the compiler and at run time.
const maxNesting = 200;

/** A position in the tokens of an expression, and the questions that the parser asks there. */
export class TokenStream {
  readonly source: string;
  readonly #tokens: readonly Token[];
  #nesting: number;
  #index = 0;
  #lines = { offset: 0, line: 1 };

  constructor(source: string, tokens: readonly Token[], nesting = 0) {
    this.source = source;
    this.#tokens = tokens;
    this.#nesting = nesting;
  }

  get current(): Token {
    return this.#at(this.#index);
  }

  get following(): Token {
    return this.#at(this.#index + 1);
  }

  get nesting(): number {
    return this.#nesting;
  }

  /** The current token, passed over. */
  take(): Token {
    const token = this.current;
    this.#index++;
    return token;
  }

  /** True if the current token is this operator or keyword. */
  is(expected: string): boolean {
    const { kind, text } = this.current;
    return text === expected && (kind === 'operator' || kind === 'keyword');
  }

  /** Passes over the operator or keyword if it stands here. */
  skip(text: string): boolean {
    const found = this.is(text);
    if (found) this.#index++;
    return found;
  }

  expect(text: string): Token {
    return this.is(text) ? this.take() : this.unexpected(`'${text}'`);
  }

  expectVariable(): string {
    return this.current.kind === 'variable' ? this.take().text : this.unexpected('a variable like $name');
  }

  /** Runs `parse` one level deeper. */
  nest<Result>(parse: () => Result): Result {
    if (++this.#nesting > maxNesting) this.fail('The expression is nested too deep');
    const result = parse();
    this.#nesting--;
    return result;
  }

  /** The line of an offset that is not before the last one asked for. */
  lineAt(offset: number): number {
    let { line } = this.#lines;
    const { source } = this;
    for (let at = this.#lines.offset; at < offset; at++) if (source[at] === '\n') line++;
    this.#lines = { offset, line };
    return line;
  }

  unexpected(expected: string): never {
    const { kind, text } = this.current;
    this.fail(
      kind === 'end' && text === ''
        ? `Unexpected end, expected ${expected}`
        : `Unexpected '${shorten(text)}', expected ${expected}`,
    );
  }

  fail(message: string, offset: number = this.current.start): never {
    throw new ExpressionSyntaxError(message, this.source, offset);
  }

  #at(index: number): Token {
    const token = this.#tokens[index] ?? this.#tokens.at(-1);
    if (token === undefined) throw new TypeError('A token stream ends with an end token');
    return token;
  }
}

function shorten(text: string): string {
  return text.length > 20 ? `${text.slice(0, 20)}…` : text;
}
