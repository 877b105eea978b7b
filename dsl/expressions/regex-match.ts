import { translatePattern, UnsupportedPattern } from './regex-syntax.ts';
import type { TranslatedPattern } from './regex-syntax.ts';
import type { Run } from './runtime.ts';
import { raise } from './values.ts';

/** A group of a match; text is null where it took no part. */
interface Capture {
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

interface CompiledPattern {
  readonly expression: RegExp;
  readonly groupNames: readonly (string | null)[];
}

// A pattern is used for every item of a list; compiling it costs far more than a match. Oldest out first.
const maxPatterns = 200;
const patterns = new Map<string, CompiledPattern>();

/**
 * The matches of a pattern: the first, or with flag `g` all. The flags are jq's: g i x s n l p. Matching is by
 * JavaScript's engine, whose work cannot be bounded: a pattern that backtracks without end does so here too.
 */
export function findMatches(text: string, pattern: string, flags: string, run: Run): readonly Match[] {
  if (!/^[gixsnlp]*$/.test(flags)) raise(`${flags} is not a valid modifier string`);
  const { expression, groupNames } = compiledPattern(pattern, flags);
  const found: Match[] = [];
  const offsets = codePointOffsets(text, run);
  run.tick(1 + (text.length >> 2));
  expression.lastIndex = 0;
  for (;;) {
    const result = expression.exec(text);
    if (result === null) return found;
    run.tick(1 + result.length);
    const isEmpty = result[0] === '';
    if (!isEmpty || !flags.includes('n')) found.push(toMatch(result, offsets, groupNames));
    if (!flags.includes('g')) return found;
    if (isEmpty) expression.lastIndex += isPair(text, expression.lastIndex) ? 2 : 1;
    if (expression.lastIndex > text.length) return found;
  }
}

function compiledPattern(pattern: string, flags: string): CompiledPattern {
  const key = `${flags.replaceAll('g', '')}/${pattern}`;
  let compiled = patterns.get(key);
  if (compiled === undefined) {
    compiled = compilePattern(pattern, flags);
    for (const oldest of patterns.keys()) {
      if (patterns.size < maxPatterns) break;
      patterns.delete(oldest);
    }
    patterns.set(key, compiled);
  }
  return compiled;
}

function compilePattern(pattern: string, flags: string): CompiledPattern {
  try {
    const translated: TranslatedPattern = translatePattern(pattern, flags.includes('x'));
    const isCaseless = translated.ignoreCase || flags.includes('i');
    const isDotAll = translated.dotAll || flags.includes('p');
    const dotted = isDotAll ? 's' : '';
    const expression = new RegExp(translated.source, `gdu${isCaseless ? 'i' : ''}${dotted}`);
    return { expression, groupNames: translated.groupNames };
  } catch (error) {
    if (error instanceof UnsupportedPattern) {
      return raise(`${pattern} (at offset 0) is not a valid regex: ${error.message} are not supported`);
    }
    if (error instanceof SyntaxError) return raise(`${pattern} (at offset 0) is not a valid regex`);
    throw error;
  }
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
  run.tick(text.length >> 2);
  const offsets: number[] = [];
  let count = 0;
  for (let index = 0; index <= text.length; index++) {
    offsets.push(count);
    if (!isPair(text, index)) count++;
  }
  return (index) => offsets[index] ?? 0;
}

/** True if a character of two UTF-16 units begins here. */
function isPair(text: string, index: number): boolean {
  return (text.codePointAt(index) ?? 0) > 0xffff;
}
