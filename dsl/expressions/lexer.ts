import { ExpressionSyntaxError } from './errors.ts';

type TokenKind =
  'number' | 'string' | 'format' | 'field' | 'variable' | 'identifier' | 'keyword' | 'operator' | 'end';

/** A piece of a string: its text, or the tokens of an interpolation `\( … )`. */
export type StringPart = string | readonly Token[];

export interface Token {
  readonly kind: TokenKind;
  /** Name without `.`, `$` or, for other kinds, the text as written. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Only of strings. */
  readonly parts?: readonly StringPart[];
}

const keywords = new Set(
  'def if then elif else end as reduce foreach try catch label import include and or'.split(' '),
);

// One pattern with a group for each kind, so that a token costs one match.
const anyToken = new RegExp(
  [
    String.raw`((?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)`,
    String.raw`\.([A-Za-z_][A-Za-z_0-9]*)`,
    String.raw`\$((?:[A-Za-z_][A-Za-z_0-9]*::)*[A-Za-z_][A-Za-z_0-9]*)`,
    String.raw`((?:[A-Za-z_][A-Za-z_0-9]*::)*[A-Za-z_][A-Za-z_0-9]*)`,
    String.raw`(@[A-Za-z0-9_]+)`,
    String.raw`(\?\/\/|\/\/=|[!=]=|<=|>=|\|=|[-+*/%]=|\/\/|\.\.|[.?=;,:|+\-*/%$()[\]{}<>])`,
  ].join('|'),
  'y',
);
const blanks = /[ \t\r\n]+/y;
const plainText = /[^"\\]+/y;
const fourHex = /[0-9a-fA-F]{4}/y;

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

// A string in an interpolation in a string …: each level is a nested call, so it has a bound.
const maxInterpolationDepth = 64;

interface Cursor {
  readonly source: string;
  position: number;
}

/** The tokens of a whole expression, with an `end` token last. */
export function tokenize(source: string): readonly Token[] {
  const cursor = { source, position: 0 };
  const tokens = readTokens(cursor, undefined, 0);
  return tokens;
}

/** The offset of the `}` that closes a `${` whose content starts at `start`: braces in strings and comments do not count. */
export function findClosingBrace(source: string, start: number): number {
  const cursor = { source, position: start };
  const tokens = readTokens(cursor, '}', 0);
  const last = tokens.at(-1);
  return last === undefined ? source.length : last.start;
}

/** Reads up to the end, or to `stop` outside of all brackets; the last token is `end` and stands there. */
function readTokens(cursor: Cursor, stop: ')' | '}' | undefined, depth: number): Token[] {
  const open = stop === ')' ? '(' : '{';
  const begin = cursor.position;
  const tokens: Token[] = [];
  let nested = 0;
  for (;;) {
    skipBlanks(cursor);
    const start = cursor.position;
    if (start >= cursor.source.length) {
      if (stop !== undefined) fail(cursor, `Unclosed ${stop === ')' ? '\\(' : '${'}`, begin - 2);
      tokens.push({ kind: 'end', text: '', start, end: start });
      return tokens;
    }
    if (stop !== undefined && nested === 0 && cursor.source[start] === stop) {
      tokens.push({ kind: 'end', text: stop, start, end: start + 1 });
      return tokens;
    }
    const token = readToken(cursor, depth);
    if (token.text === open && token.kind === 'operator') nested++;
    if (token.text === stop && token.kind === 'operator') nested--;
    tokens.push(token);
  }
}

function skipBlanks(cursor: Cursor): void {
  for (;;) {
    if (isBlank(cursor.source[cursor.position])) match(cursor, blanks);
    if (cursor.source[cursor.position] !== '#') return;
    // An odd number of backslashes before the line's end continues the comment, as in Tcl.
    for (;;) {
      const newline = cursor.source.indexOf('\n', cursor.position);
      const end = newline === -1 ? cursor.source.length : newline;
      const line = cursor.source.slice(cursor.position, end).replace(/\r$/, '');
      cursor.position = newline === -1 ? end : end + 1;
      const trailing = /\\*$/.exec(line)?.[0].length ?? 0;
      if (newline === -1 || trailing % 2 === 0) break;
    }
  }
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\n' || character === '\t' || character === '\r';
}

function readToken(cursor: Cursor, depth: number): Token {
  const start = cursor.position;
  const { source } = cursor;
  if (source[start] === '"') return readString(cursor, depth);
  anyToken.lastIndex = start;
  const found = anyToken.exec(source);
  if (found === null) fail(cursor, `Unexpected character ${JSON.stringify(source[start])}`, start);
  cursor.position = anyToken.lastIndex;
  const token = (kind: TokenKind, text: string): Token => ({ kind, text, start, end: cursor.position });
  // By position: taking the array apart goes through its iterator, which costs as much as the match.
  const word = found[4];
  if (found[1] !== undefined) return token('number', found[1]);
  if (found[2] !== undefined) return token('field', found[2]);
  if (found[3] !== undefined) return token('variable', found[3]);
  if (word !== undefined) return token(keywords.has(word) ? 'keyword' : 'identifier', word);
  if (found[5] !== undefined) return token('format', found[5]);
  return token('operator', found[0]);
}

function readString(cursor: Cursor, depth: number): Token {
  if (depth > maxInterpolationDepth) fail(cursor, 'Strings are nested too deep', cursor.position);
  const { source } = cursor;
  const start = cursor.position++;
  const parts: StringPart[] = [];
  let text = '';
  for (;;) {
    text += match(cursor, plainText) ?? '';
    const next = source[cursor.position];
    if (next === undefined) fail(cursor, 'Unclosed string', start);
    if (next === '"') break;
    const escape = source[cursor.position + 1];
    if (escape === '(') {
      cursor.position += 2;
      if (text !== '') parts.push(text);
      text = '';
      parts.push(readTokens(cursor, ')', depth + 1));
      cursor.position++;
    } else text += readEscape(cursor);
  }
  cursor.position++;
  if (text !== '') parts.push(text.toWellFormed());
  return { kind: 'string', text: source.slice(start, cursor.position), start, end: cursor.position, parts };
}

function readEscape(cursor: Cursor): string {
  const escape = cursor.source[cursor.position + 1] ?? '';
  const at = cursor.position;
  cursor.position += 2;
  if (escape === 'u') {
    const hex = match(cursor, fourHex);
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
  } else if (Object.hasOwn(escapes, escape)) return escapes[escape] ?? '';
  return fail(cursor, `Invalid escape \\${escape} in a string`, at);
}

function match(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.position;
  const found = pattern.exec(cursor.source)?.[0];
  if (found !== undefined) cursor.position += found.length;
  return found;
}

function fail(cursor: Cursor, message: string, offset: number): never {
  throw new ExpressionSyntaxError(message, cursor.source, Math.max(0, offset));
}
