import { fail } from './errors.ts';
import type { PatternReader } from './pattern-reader.ts';
import type { Node, RepeatNode } from './syntax-tree.ts';

const maxRepeats = 100_000;

/** The quantifier that follows, applied to its target; undefined if none follows. */
export function parseQuantifier(reader: PatternReader, target: Node): Node | undefined {
  const range = parseRange(reader);
  if (range === undefined) return undefined;
  if (!isRepeatable(target)) fail('target of repeat operator is invalid');
  const isGreedy = !reader.take('?');
  const isPossessive = isGreedy && reader.take('+');
  const repeated = repeat(target, { ...range, isGreedy });
  return isPossessive ? { kind: 'atomic', body: repeated } : repeated;
}

type Range = Pick<RepeatNode, 'min' | 'max'>;
type Quantifier = Pick<RepeatNode, 'min' | 'max' | 'isGreedy'>;

function parseRange(reader: PatternReader): Range | undefined {
  if (reader.take('*')) return { min: 0, max: Infinity };
  if (reader.take('+')) return { min: 1, max: Infinity };
  if (reader.take('?')) return { min: 0, max: 1 };
  // Braces that make no range stand for themselves.
  const braces = reader.match(/\{(\d+)(,?)(\d*)\}/y);
  if (braces === null) return undefined;
  const min = Number(braces[1]);
  const max = braces[3] !== '' ? Number(braces[3]) : braces[2] === '' ? min : Infinity;
  if (min > maxRepeats || (max > maxRepeats && max !== Infinity)) fail('too big number for repeat range');
  if (min > max) fail('upper is smaller than lower in repeat range');
  return { min, max };
}

function isRepeatable(node: Node): boolean {
  if (node.kind === 'alternatives') return node.nodes.every(isRepeatable);
  return node.kind !== 'place' && node.kind !== 'look' && node.kind !== 'keep';
}

function repeat(body: Node, outer: Quantifier): Node {
  if (outer.min === 1 && outer.max === 1) return body;
  return body.kind === 'repeat' ? repeatRepeated(body, outer) : { kind: 'repeat', body, ...outer };
}

// Oniguruma merges a quantifier of a quantifier, and by that decides what such patterns match: row by the inner one,
// column by the outer. Empty keeps the inner alone, = keeps both.
const kinds = ['?', '*', '+', '??', '*?', '+?'] as const;
const merged = [
  ['', '*', '*', '??', '*?', '='],
  ['', '', '', '(+)??', '(+)??', ''],
  ['*', '*', '', '=', '(+)??', ''],
  ['', '*?', '*?', '', '*?', '*?'],
  ['', '', '', '', '', ''],
  ['=', '*', '+', '*?', '*?', ''],
] as const;

function repeatRepeated(inner: RepeatNode, outer: Quantifier): Node {
  const row = kindOf(inner);
  const column = kindOf(outer);
  const plain: Node = { kind: 'repeat', body: inner, ...outer };
  if (row === -1 || column === -1) {
    const isFixed = inner.min === inner.max && outer.min === outer.max;
    if (isFixed) {
      const count = inner.min * outer.min;
      if (count > maxRepeats) fail('too big number for repeat range');
      return { ...inner, min: count, max: count };
    }
    const isEndless = inner.isGreedy && inner.max === Infinity && inner.min <= 1;
    if (isEndless && column === -1 && outer.isGreedy && outer.max > 1 && outer.max !== Infinity) {
      return { ...plain, max: Math.max(outer.min, 1) };
    }
    return plain;
  }
  const result = merged[row]?.[column] ?? '=';
  if (result === '') return inner;
  if (result === '=') return plain;
  if (result === '(+)??') {
    const body: Node = { ...inner, min: 1, max: Infinity, isGreedy: true };
    return { kind: 'repeat', body, min: 0, max: 1, isGreedy: false };
  }
  const isGreedy = !result.endsWith('??') && !result.endsWith('*?');
  const max = result.startsWith('?') ? 1 : Infinity;
  return { kind: 'repeat', body: inner.body, min: result.startsWith('+') ? 1 : 0, max, isGreedy };
}

/** The row or column of a quantifier that is written with one sign; -1 for any other. */
function kindOf({ min, max, isGreedy }: Quantifier): number {
  const sign = max === Infinity ? ['*', '+'][min] : min === 0 && max === 1 ? '?' : undefined;
  return kinds.findIndex((kind) => kind === `${sign ?? ''}${isGreedy ? '' : '?'}` && sign !== undefined);
}
