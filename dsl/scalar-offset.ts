/** Maps an offset in the value of a YAML scalar to the offset in the text that it was read from. */
import type { Scalar } from 'yaml';

/**
 * The offset in `text` of the character that stands at `target` in the scalar's value. Exact for plain, quoted and
 * literal scalars; in a folded block, lines that keep their breaks may shift it.
 */
export function offsetInScalar(text: string, scalar: Scalar, target: number): number {
  const [start, end] = scalar.range ?? [0, 0];
  const source = text.slice(start, end);
  switch (scalar.type) {
    case 'QUOTE_DOUBLE':
      return start + flowOffset(source, 1, target, doubleQuotedStep);
    case 'QUOTE_SINGLE':
      return start + flowOffset(source, 1, target, singleQuotedStep);
    case 'BLOCK_LITERAL':
      return start + blockOffset(source, target, false);
    case 'BLOCK_FOLDED':
      return start + blockOffset(source, target, true);
    default:
      return start + flowOffset(source, 0, target, () => 1);
  }
}

type Step = (source: string, at: number) => number;

const singleQuotedStep: Step = (source, at) => (source.startsWith("''", at) ? 2 : 1);
const escapeLengths: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 };
const doubleQuotedStep: Step = (source, at) =>
  source[at] === '\\' ? (escapeLengths[source[at + 1] ?? ''] ?? 2) : 1;

const fold = /[ \t]*\r?\n[ \t\r\n]*/y;

/** Walks as long as the value has characters: a line break folds into one space, n breaks into n - 1. */
function flowOffset(source: string, begin: number, target: number, step: Step): number {
  let at = begin;
  let seen = 0;
  while (seen < target && at < source.length) {
    fold.lastIndex = at;
    const breaks = /[ \t\r\n]/.test(source[at] ?? '') ? fold.exec(source)?.[0] : undefined;
    at += breaks?.length ?? step(source, at);
    seen += breaks === undefined ? 1 : foldedLength(breaks);
  }
  return at;
}

/** Walks the lines after the header, each less its indentation. */
function blockOffset(source: string, target: number, folded: boolean): number {
  const header = /^[^\n]*\n/.exec(source)?.[0] ?? '';
  const body = source.slice(header.length);
  const explicit = /[1-9]/.exec(header.replace(/#.*/, ''))?.[0];
  const first = /^(?:[ \t]*\r?\n)*( +)/.exec(body)?.[1]?.length ?? 0;
  // An explicit indicator counts from the parent, whose indentation is not here: the first line then tells it.
  const indent = explicit === undefined ? first : Math.min(first, Number(explicit));
  let at = 0;
  let seen = 0;
  at += indentAt(body, at, indent);
  while (seen < target && at < body.length) {
    if (body[at] !== '\n') {
      at += 1;
      seen += 1;
      continue;
    }
    const breaks = folded ? (/^\n+/.exec(body.slice(at))?.[0] ?? '\n') : '\n';
    at += breaks.length;
    at += indentAt(body, at, indent);
    seen += folded ? foldedLength(breaks) : 1;
  }
  return header.length + at;
}

function indentAt(body: string, at: number, indent: number): number {
  let width = 0;
  while (width < indent && body[at + width] === ' ') width++;
  return width;
}

function foldedLength(breaks: string): number {
  return Math.max(1, breaks.split('\n').length - 2);
}
