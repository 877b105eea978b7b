import { contains } from './character-set.ts';
import { fail } from './errors.ts';
import type { Length } from './measure.ts';
import { childrenOf, emptyNode } from './syntax-tree.ts';
import type { LookNode, Node, Pattern, Place } from './syntax-tree.ts';

const invalid = 'invalid pattern in look-behind';
const maxLength = 65_535;

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
 * The body of a look-behind as it is matched, a fixed number of characters back. Others are refused, but where
 * Oniguruma shortens them first: a quantifier at their beginning takes its least, and what may match nothing does.
 */
export function lookBehindBody(
  look: LookNode,
  pattern: Pattern,
  measure: (node: Node) => Length,
): { readonly body: Node; readonly length: number } {
  if (!isAllowed(look.body, look.isNegative)) fail(invalid);
  const body = shortened(look.body);
  const { min, max, isSure } = measure(body);
  if (min === 0 && isSure && !isObserved(body, pattern)) return { body: emptyNode, length: 0 };
  if (min !== max || max > maxLength) fail(invalid);
  return { body, length: min };
}

function isAllowed(node: Node, isNegative: boolean): boolean {
  if (node.kind === 'place' && !allowedPlaces.has(node.place)) return false;
  if (node.kind === 'look' && !(node.isBehind && (isNegative || !node.isNegative))) return false;
  if (node.kind === 'group' && isNegative) return false;
  return childrenOf(node).every((child) => isAllowed(child, isNegative));
}

/** True if something else could tell how a part matched. */
function isObserved(node: Node, pattern: Pattern): boolean {
  if (node.kind === 'keep') return true;
  if (node.kind === 'group' && pattern.observed.has(node.number)) return true;
  return childrenOf(node).some((child) => isObserved(child, pattern));
}

function shortened(node: Node): Node {
  if (node.kind === 'alternatives') return { ...node, nodes: node.nodes.map(shortened) };
  if (node.kind !== 'sequence') return leastOf(node);
  const nodes = [...node.nodes];
  for (const [index, part] of nodes.entries()) {
    const next = nodes[index + 1];
    if (next !== undefined && becomesAtomic(part, next)) break;
    const least = leastOf(part);
    nodes[index] = least;
    if (least.kind !== 'repeat' || least.max > 0) break;
  }
  return { ...node, nodes };
}

function leastOf(node: Node): Node {
  if (node.kind !== 'repeat') return node;
  const { kind } = node.body;
  const isPlain = kind === 'text' || kind === 'set' || kind === 'reference' || isString(node.body);
  return isPlain ? { ...node, max: node.min } : node;
}

function isString(node: Node): boolean {
  return node.kind === 'sequence' && node.nodes.every((each) => each.kind === 'text');
}

/** Oniguruma makes an endless quantifier atomic where what follows cannot begin alike, and does not shorten it then. */
function becomesAtomic(node: Node, next: Node): boolean {
  if (node.kind !== 'repeat' || !node.isGreedy || node.min > 1 || node.max !== Infinity) return false;
  const own = headOf(node.body);
  const following = headOf(next);
  if (own === undefined || following === undefined) return false;
  const ascii = Array.from({ length: 128 }, (_, point) => point);
  const points =
    own.kind === 'text' ? [pointOf(own)] : following.kind === 'text' ? [pointOf(following)] : ascii;
  return !points.some((point) => begins(own, point) && begins(following, point));
}

type Head = Extract<Node, { kind: 'text' | 'set' }>;

function headOf(node: Node): Head | undefined {
  switch (node.kind) {
    case 'text':
    case 'set':
      return node;
    case 'sequence':
      return node.nodes[0] === undefined ? undefined : headOf(node.nodes[0]);
    case 'repeat':
      return node.min > 0 ? headOf(node.body) : undefined;
    case 'group':
    case 'atomic':
    case 'options':
      return headOf(node.body);
    default:
      return undefined;
  }
}

function pointOf(head: Head): number {
  return head.kind === 'text' ? (head.text.codePointAt(0) ?? 0) : 0;
}

function begins(head: Head, point: number): boolean {
  return head.kind === 'text' ? pointOf(head) === point : contains(head.set, point);
}
