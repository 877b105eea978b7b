import { fail } from './errors.ts';
import type { Length } from './measure.ts';
import { childrenOf } from './syntax-tree.ts';
import type { LookNode, Node, Place } from './syntax-tree.ts';

const invalid = 'invalid pattern in look-behind';
const maxLength = 255;

/** Assertions that Oniguruma lets stand in a look-behind. */
const allowedPlaces: ReadonlySet<Place> = new Set<Place>([
  'start',
  'lineStart',
  'lineEnd',
  'searchStart',
  'wordEdge',
  'noWordEdge',
]);

/**
 * The body of a look-behind as it is matched, a fixed number of characters back. Other bodies are refused, except that
 * a quantifier in front of what a match ends with takes its least.
 */
export function lookBehindBody(
  look: LookNode,
  measure: (node: Node) => Length,
): { body: Node; length: number } {
  if (!isAllowed(look.body, look.isNegative)) fail(invalid);
  const body = reduced(look.body);
  const { min, max } = measure(body);
  if (min !== max || max > maxLength) fail(invalid);
  return { body, length: min };
}

function isAllowed(node: Node, isNegative: boolean): boolean {
  if (node.kind === 'place' && !allowedPlaces.has(node.place)) return false;
  if (node.kind === 'look' && !(node.isBehind && (isNegative || !node.isNegative))) return false;
  if (node.kind === 'group' && isNegative) return false;
  return childrenOf(node).every((child) => isAllowed(child, isNegative));
}

function reduced(node: Node): Node {
  if (node.kind === 'alternatives') return { ...node, nodes: node.nodes.map(reduced) };
  if (node.kind !== 'sequence') return leastOf(node);
  const [first, ...rest] = node.nodes;
  if (first === undefined) return node;
  // Oniguruma has made an endless quantifier atomic by then where what follows cannot begin alike.
  const isEndless = first.kind === 'repeat' && first.isGreedy && first.min <= 1 && first.max === Infinity;
  return isEndless && rest.length > 0 ? node : { ...node, nodes: [leastOf(first), ...rest] };
}

function leastOf(node: Node): Node {
  if (node.kind !== 'repeat') return node;
  const { kind } = node.body;
  const isPlain = kind === 'text' || kind === 'set' || kind === 'reference';
  return isPlain ? { ...node, max: node.min } : node;
}
