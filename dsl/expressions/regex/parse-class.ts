import { rangeSource, setOfParts } from './character-set.ts';
import type { CharacterSet } from './character-set.ts';
import { fail } from './errors.ts';
import { parseEscapedCharacter, parseProperty } from './parse-escape.ts';
import type { PatternReader } from './pattern-reader.ts';
import { posixSource } from './properties.ts';

const typeEscapes: ReadonlyMap<string, string> = new Map([
  ['w', 'word'],
  ['d', 'digit'],
  ['s', 'space'],
]);

/** A member of a class: one character, or something that cannot begin a range. */
type Member = { readonly point: number } | { readonly source: string };

/** The bracketed class that begins here, behind its `[`. Neither classes inside it nor `&&` are special in jq's syntax. */
export function parseClass(reader: PatternReader): CharacterSet {
  const isNegated = reader.take('^');
  const parts: { source: string; last: number }[] = [];
  if (reader.peek === ']' && !reader.text.includes(']', reader.position + 1)) fail('empty char-class');
  for (let isFirst = true; isFirst || !reader.take(']'); isFirst = false) {
    const member = parseMember(reader);
    if ('source' in member) {
      parts.push({ source: member.source, last: Infinity });
      continue;
    }
    const last = parseRangeEnd(reader) ?? member.point;
    if (last < member.point) fail('empty range in char class');
    parts.push({ source: rangeSource(member.point, last), last });
  }
  return setOfParts(parts, isNegated, reader.options.ignoreCase);
}

/** The code point behind a `-` that makes a range; a `-` before the closing bracket stands for itself. */
function parseRangeEnd(reader: PatternReader): number | undefined {
  if (reader.peek !== '-' || reader.text[reader.position + 1] === ']') return undefined;
  reader.next('');
  const member = parseMember(reader);
  if ('source' in member) fail('char-class value at end of range');
  return member.point;
}

function parseMember(reader: PatternReader): Member {
  const posix = parsePosix(reader);
  if (posix !== undefined) return { source: posix };
  const character = reader.next('premature end of char-class');
  if (character !== '\\') return { point: pointOf(character) };
  return parseTypeEscape(reader) ?? { point: pointOf(parseEscapedCharacter(reader)) };
}

function pointOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}

function parsePosix(reader: PatternReader): string | undefined {
  const bracket = reader.match(/\[:(\^?)(\w{0,20}):\]/y);
  if (bracket === null) return undefined;
  const source = posixSource(bracket[2] ?? '');
  if (source === undefined) fail('invalid POSIX bracket type');
  return `[${bracket[1]}${source}]`;
}

function parseTypeEscape(reader: PatternReader): Member | undefined {
  const letter = reader.peek;
  const isNegated = letter !== letter.toLowerCase();
  const type = typeEscapes.get(letter.toLowerCase());
  if (type !== undefined) {
    reader.next('');
    return { source: `[${isNegated ? '^' : ''}${posixSource(type) ?? ''}]` };
  }
  if (letter !== 'p' && letter !== 'P') return undefined;
  reader.next('');
  return { source: parseProperty(reader, isNegated) ?? rangeSource(pointOf(letter)) };
}
