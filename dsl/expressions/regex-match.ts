import type { Run } from './runtime.ts';
import { raise } from './values.ts';

/** A group of a match; text is null where it took no part. */
export interface Capture {
  readonly offset: number;
  readonly length: number;
  readonly text: string | null;
  readonly name: string | null;
}

/** Offsets and lengths count code points; `index` counts UTF-16 units. */
export interface Match {
  readonly index: number;
  readonly offset: number;
  readonly length: number;
  readonly text: string;
  readonly captures: readonly Capture[];
}

/**
 * The matches of a pattern: the first, or with flag `g` all. The flags are jq's: g i x s n l p. The pattern is
 * JavaScript's with Unicode on, into which the differing parts of Oniguruma's syntax are translated.
 */
export function findMatches(text: string, pattern: string, flags: string, run: Run): readonly Match[] {
  const options = readFlags(flags);
  const expression = compilePattern(pattern, options);
  const found: Match[] = [];
  const offsets = codePointOffsets(text, run);
  run.tick(1 + (text.length >> 2));
  expression.lastIndex = 0;
  for (;;) {
    const result = expression.exec(text);
    if (result === null) return found;
    run.tick(1 + result.length);
    const isEmpty = result[0] === '';
    if (!isEmpty || !options.skipEmpty) found.push(toMatch(result, offsets, groupNames(pattern, result)));
    if (!options.global) return found;
    if (isEmpty) expression.lastIndex += isHighSurrogate(text, expression.lastIndex) ? 2 : 1;
    if (expression.lastIndex > text.length) return found;
  }
}

interface Options {
  readonly global: boolean;
  readonly skipEmpty: boolean;
  readonly extended: boolean;
  readonly dotAll: boolean;
  readonly singleLine: boolean;
  readonly ignoreCase: boolean;
}

function readFlags(flags: string): Options {
  if (!/^[gixsnlp]*$/.test(flags)) raise(`${flags} is not a valid modifier string`);
  return {
    global: flags.includes('g'),
    skipEmpty: flags.includes('n'),
    extended: flags.includes('x'),
    dotAll: flags.includes('p'),
    singleLine: flags.includes('s') || flags.includes('p'),
    ignoreCase: flags.includes('i'),
  };
}

function compilePattern(pattern: string, options: Options): RegExp {
  const source = translate(pattern, options);
  const flags = `gd${options.ignoreCase ? 'i' : ''}${options.dotAll ? 's' : ''}`;
  try {
    return new RegExp(source, `${flags}u`);
  } catch {
    // Escapes of ordinary characters, like `\-`, are an error only with Unicode on.
    try {
      return new RegExp(source, flags);
    } catch (error) {
      const why = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : '';
      return raise(`${pattern} (at offset 0) is not a valid regex: ${why}`);
    }
  }
}

const tokens = /\\[\s\S]|\[\^?\]?(?:\\[\s\S]|\[:\^?\w+:\]|[^\]\\])*\]|[\s\S]/g;

/** Oniguruma's own syntax in JavaScript's: anchors, POSIX classes, hexadecimal digits, free spacing. */
function translate(pattern: string, options: Options): string {
  let source = '';
  let inComment = false;
  for (const [token] of pattern.matchAll(tokens)) {
    if (inComment) {
      inComment = token !== '\n';
      continue;
    }
    if (options.extended && /^\s$/.test(token)) continue;
    if (options.extended && token === '#') {
      inComment = true;
      continue;
    }
    source += translateToken(token, options);
  }
  return source;
}

const escapes: Readonly<Record<string, string>> = {
  '\\A': '(?<![\\s\\S])',
  '\\z': '(?![\\s\\S])',
  '\\Z': '(?=\\n?(?![\\s\\S]))',
  '\\h': '[0-9a-fA-F]',
  '\\H': '[^0-9a-fA-F]',
  '\\a': '\\x07',
  '\\e': '\\x1b',
};

const posixClasses: Readonly<Record<string, string>> = {
  alnum: '\\p{L}\\p{N}',
  alpha: '\\p{L}',
  blank: ' \\t',
  cntrl: '\\p{Cc}',
  digit: '\\p{Nd}',
  lower: '\\p{Ll}',
  punct: '\\p{P}\\p{S}',
  space: '\\s',
  upper: '\\p{Lu}',
  word: '\\w',
  xdigit: '0-9a-fA-F',
};

function translateToken(token: string, options: Options): string {
  const escape = Object.hasOwn(escapes, token) ? escapes[token] : undefined;
  if (escape !== undefined) return escape;
  // Without flag s, `^` stands after every line's end and `$` before it.
  if (token === '^') return options.singleLine ? '(?<![\\s\\S])' : '(?<![^\\n])';
  if (token === '$') return options.singleLine ? '(?=\\n?(?![\\s\\S]))' : '(?![^\\n])';
  if (token === '.' && !options.dotAll) return '[^\\n]';
  if (token.startsWith('[') && token.length > 1) {
    return token.replace(/\[:(\w+):\]/g, (whole, name: string) =>
      Object.hasOwn(posixClasses, name) ? (posixClasses[name] ?? whole) : whole,
    );
  }
  return token;
}

function groupNames(pattern: string, result: RegExpExecArray): readonly (string | null)[] {
  const names: (string | null)[] = [];
  if (result.length === 1) return names;
  for (const [token, name] of pattern.matchAll(
    /\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\((?:\?<([A-Za-z_]\w*)>|(?!\?))/g,
  )) {
    if (token.startsWith('(')) names.push(name ?? null);
  }
  return names;
}

function toMatch(
  result: RegExpExecArray,
  offsets: ((index: number) => number) | undefined,
  names: readonly (string | null)[],
): Match {
  const count = (from: number, to: number): number =>
    offsets === undefined ? to - from : offsets(to) - offsets(from);
  const captures = result.slice(1).map((text: string | undefined, position): Capture => {
    const [start, end] = result.indices?.[position + 1] ?? [-1, -1];
    const name = names[position] ?? null;
    if (text === undefined) return { offset: -1, length: 0, text: null, name };
    return { offset: count(0, start), length: count(start, end), text, name };
  });
  const end = result.index + result[0].length;
  return {
    index: result.index,
    offset: count(0, result.index),
    length: count(result.index, end),
    text: result[0],
    captures,
  };
}

/** Code points before a UTF-16 index; undefined for texts where both are the same. */
function codePointOffsets(text: string, run: Run): ((index: number) => number) | undefined {
  run.tick(1 + (text.length >> 5));
  if (!/[\ud800-\udfff]/.test(text)) return undefined;
  const offsets: number[] = [];
  let count = 0;
  for (let index = 0; index <= text.length; index++) {
    offsets.push(count);
    if (!isHighSurrogate(text, index)) count++;
  }
  return (index) => offsets[index] ?? 0;
}

function isHighSurrogate(text: string, index: number): boolean {
  return (text.codePointAt(index) ?? 0) > 0xffff;
}
