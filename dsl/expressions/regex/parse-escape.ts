import { fail } from './errors.ts';
import type { PatternReader } from './pattern-reader.ts';
import { propertySource } from './properties.ts';

const controls: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['f', '\f'],
  ['a', '\x07'],
  ['b', '\b'],
  ['e', '\x1b'],
]);

/** The character that an escape stands for, inside and outside of classes; the reader is behind the backslash. */
export function parseEscapedCharacter(reader: PatternReader): string {
  const character = reader.next('end pattern at escape');
  switch (character) {
    case 'x':
      if (reader.peek === '{') return parseBraces(reader, 16);
      return parseBytes(reader, reader.match(/[0-9a-fA-F]{0,2}/y)?.[0] ?? '', 16);
    case 'o':
      return reader.peek === '{' ? parseBraces(reader, 8) : 'o';
    case '0':
      return parseBytes(reader, reader.match(/[0-7]{0,2}/y)?.[0] ?? '', 8);
    case 'c':
      return parseControl(reader);
    default:
      if (character >= '1' && character <= '7') {
        return parseBytes(reader, character + (reader.match(/[0-7]{0,2}/y)?.[0] ?? ''), 8);
      }
      return controls.get(character) ?? character;
  }
}

function parseControl(reader: PatternReader): string {
  const character = reader.next('end pattern at control');
  if (character === '?') return '\x7f';
  const base = character === '\\' ? parseEscapedCharacter(reader) : character;
  return String.fromCodePoint((base.codePointAt(0) ?? 0) & 0x9f);
}

/** `{41}`; behind several code points, as in `{41 42}`, the braces stay open for the next call. */
function parseBraces(reader: PatternReader, radix: 8 | 16): string {
  const start = reader.position;
  const digits = reader.match(
    radix === 16 ? /\{([0-9a-fA-F]{1,8})(?![0-9a-fA-F])/y : /\{([0-7]{1,11})(?!\d)/y,
  )?.[1];
  if (digits === undefined) {
    if (reader.match(/\{[0-9a-fA-F]/y) !== null) fail('too long wide-char value');
    reader.position = start;
    return radix === 16 ? 'x' : 'o';
  }
  const point = Number.parseInt(digits, radix);
  if (!reader.take('}')) fail('invalid code point value');
  if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) fail('invalid code point value');
  return String.fromCodePoint(point);
}

/** Escapes beyond ASCII stand for bytes of UTF-8 and must make a whole character. */
function parseBytes(reader: PatternReader, digits: string, radix: 8 | 16): string {
  const bytes = [digits === '' ? 0 : Number.parseInt(digits, radix)];
  const [first = 0] = bytes;
  if (first > 0xff) fail('too big number');
  if (first < 0x80) return String.fromCharCode(first);
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  const more = radix === 16 ? /\\x([0-9a-fA-F]{2})/y : /\\([0-3][0-7]{2})/y;
  while (bytes.length < length) {
    const next = reader.match(more)?.[1];
    if (next === undefined) fail('too short multibyte code string');
    bytes.push(Number.parseInt(next, radix));
  }
  try {
    return decodeURIComponent(bytes.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''));
  } catch {
    return fail('invalid code point value');
  }
}

/** `{name}` behind `\p` or `\P` as part of a class, or undefined where there are no braces. */
export function parseProperty(reader: PatternReader, isNegated: boolean): string | undefined {
  if (!reader.take('{')) return undefined;
  const isInverted = reader.take('^');
  const name = reader.match(/[^}]*/y)?.[0] ?? '';
  if (!reader.take('}')) fail(`invalid character property name {${name}}`);
  const source = propertySource(name);
  return isNegated === isInverted ? `[${source}]` : `[^${source}]`;
}
