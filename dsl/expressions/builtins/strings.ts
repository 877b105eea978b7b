import { isNaN } from '../intrinsics.ts';
import type { Json } from '../../json.ts';
import { add, splitText } from '../arithmetic.ts';
import { iterate } from '../compile-access.ts';
import { numberText } from '../json-text.ts';
import type { Run } from '../runtime.ts';
import { describe, isArray, raise } from '../values.ts';
import { natives } from './define.ts';
import type { Builtins } from './define.ts';

function explode(value: Json, run: Run): number[] {
  if (typeof value !== 'string') return raise('explode input must be a string');
  run.tick(1 + value.length);
  return Array.from(value, (character) => character.codePointAt(0) ?? 0);
}

function implode(value: Json, run: Run): string {
  if (!isArray(value)) return raise('implode input must be an array');
  run.tick(1 + value.length);
  return value
    .map((point) => {
      if (typeof point === 'number' && !isNaN(point)) return character(point);
      return raise(`${describe(point, run)} can't be imploded, unicode codepoint needs to be numeric`);
    })
    .join('');
}

/** What is no code point is the replacement character. */
function character(value: number): string {
  const point = Math.trunc(value);
  const isScalar = point >= 0 && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
  return String.fromCodePoint(isScalar ? point : 0xfffd);
}

/** Changes ASCII letters only. */
function changeCase(value: Json, letters: RegExp, change: (letter: string) => string, run: Run): string {
  if (typeof value !== 'string') return raise('explode input must be a string');
  run.tick(1 + (value.length >> 2));
  return value.replace(letters, change);
}

function join(value: Json, separator: Json, run: Run): Json {
  let joined: Json = null;
  iterate(value, run, (item) => {
    const begin: Json = joined === null ? '' : add(joined, separator, run);
    joined = add(begin, joinable(item), run);
    return false;
  });
  return joined ?? '';
}

function joinable(item: Json): Json {
  if (item === null) return '';
  if (typeof item === 'number') return numberText(item);
  return typeof item === 'boolean' ? String(item) : item;
}

function startsWith(text: Json, part: Json, run: Run): boolean {
  if (typeof text !== 'string' || typeof part !== 'string') {
    return raise('startswith() requires string inputs');
  }
  run.tick((text.length + part.length) >> 6);
  return text.startsWith(part);
}

function endsWith(text: Json, part: Json, run: Run): boolean {
  if (typeof text !== 'string' || typeof part !== 'string') {
    return raise('endswith() requires string inputs');
  }
  run.tick((text.length + part.length) >> 6);
  return text.endsWith(part);
}

function trimStart(text: Json, part: Json, run: Run): Json {
  if (!startsWith(text, part, run)) return text;
  return typeof text === 'string' && typeof part === 'string' ? text.slice(part.length) : text;
}

function trimEnd(text: Json, part: Json, run: Run): Json {
  if (!endsWith(text, part, run)) return text;
  return typeof text === 'string' && typeof part === 'string'
    ? text.slice(0, text.length - part.length)
    : text;
}

function trimmed(value: Json, change: (text: string) => string, run: Run): string {
  if (typeof value !== 'string') return raise('trim input must be a string');
  run.tick(1 + (value.length >> 4));
  return change(value);
}

/** Built-ins of texts but regular expressions. */
export const stringBuiltins: Builtins = natives({
  'explode/0': (input, _args, run) => explode(input, run),
  'implode/0': (input, _args, run) => implode(input, run),
  'ascii/0': (input) =>
    typeof input === 'number' ? character(input) : raise('ascii input must be a number'),
  'ascii_downcase/0': (input, _args, run) =>
    changeCase(input, /[A-Z]+/g, (letters) => letters.toLowerCase(), run),
  'ascii_upcase/0': (input, _args, run) =>
    changeCase(input, /[a-z]+/g, (letters) => letters.toUpperCase(), run),
  'split/1': (input, [separator = null], run) =>
    typeof input === 'string' && typeof separator === 'string'
      ? splitText(input, separator, run)
      : raise('split input and separator must be strings'),
  'join/1': (input, [separator = null], run) => join(input, separator, run),
  'startswith/1': (input, [part = null], run) => startsWith(input, part, run),
  'endswith/1': (input, [part = null], run) => endsWith(input, part, run),
  'ltrimstr/1': (input, [part = null], run) => trimStart(input, part, run),
  'rtrimstr/1': (input, [part = null], run) => trimEnd(input, part, run),
  'trimstr/1': (input, [part = null], run) => trimEnd(trimStart(input, part, run), part, run),
  'trim/0': (input, _args, run) => trimmed(input, (text) => text.trim(), run),
  'ltrim/0': (input, _args, run) => trimmed(input, (text) => text.trimStart(), run),
  'rtrim/0': (input, _args, run) => trimmed(input, (text) => text.trimEnd(), run),
});
