/** Finds the place in the text of a definition that a JSON Pointer names. */
import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { LineCounter, Node } from 'yaml';
import { keyOf } from './document-value.ts';
import type { AliasTargets } from './document-value.ts';
import { offsetInScalar } from './scalar-offset.ts';

/** Counts from 1; columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Which part of a member is meant. */
export interface Mark {
  /** The member's key instead of its value. */
  readonly key?: boolean;
  /** UTF-16 units into the value's text. */
  readonly offset?: number;
}

/** The place of what the pointer names, or of the nearest part around it that is there. */
export function positionIn(
  source: {
    readonly contents: Node;
    readonly targets: AliasTargets;
    readonly lines: LineCounter;
    readonly text: string;
  },
  pointer: string,
  mark: Mark,
): Position {
  let node: unknown = source.contents;
  let offset = source.contents.range?.[0] ?? 0;
  const tokens = pointer === '' ? [] : pointer.slice(1).split('/');
  for (const [index, token] of tokens.entries()) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    const member = memberOf(isAlias(node) ? source.targets.get(node) : node, name);
    if (member === undefined) break;
    node = member.value;
    const wantsKey = mark.key === true && index === tokens.length - 1;
    const start = rangeStart(node);
    // A value left empty has no place of its own: it is shown at its key.
    const atKey = wantsKey || isEmpty(node);
    offset = (atKey ? member.keyOffset : undefined) ?? start ?? offset;
    if (index === tokens.length - 1 && mark.offset !== undefined && isScalar(node)) {
      offset = offsetInScalar(source.text, node, mark.offset);
    }
  }
  const { line, col } = source.lines.linePos(offset);
  return { line, column: col };
}

function memberOf(
  node: unknown,
  name: string,
): { readonly value: unknown; readonly keyOffset?: number } | undefined {
  if (isSeq(node)) {
    const index = Number(name);
    return index < node.items.length ? { value: node.items[index] } : undefined;
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find((candidate) => keyOf(candidate).text === name);
  return pair === undefined ? undefined : { value: pair.value, keyOffset: keyOf(pair).offset };
}

function isEmpty(node: unknown): boolean {
  return node === null || (isScalar(node) && node.value === null && node.source === '');
}

function rangeStart(node: unknown): number | undefined {
  return isAlias(node) || isScalar(node) || isMap(node) || isSeq(node) ? node.range?.[0] : undefined;
}
