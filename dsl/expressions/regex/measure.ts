import type { Node, Pattern } from './syntax-tree.ts';

/** How many characters a part can match. */
export interface Length {
  readonly min: number;
  readonly max: number;
  /** False where the least depends on groups or places, as Oniguruma sees it. */
  readonly isSure: boolean;
}

const nothing: Length = { min: 0, max: 0, isSure: true };
const unsure: Length = { ...nothing, isSure: false };

/** Makes a function that measures the parts of a pattern, each once. What recurses may have any length. */
export function makeMeasure(pattern: Pattern): (node: Node) => Length {
  const known = new Map<Node, Length>();
  const begun = new Set<Node>();
  const measure = (node: Node): Length => {
    const length = known.get(node);
    if (length !== undefined) return length;
    known.set(node, { min: 0, max: Infinity, isSure: false });
    begun.add(node);
    const found = lengthOf(node);
    begun.delete(node);
    known.set(node, found);
    return found;
  };
  const groupLength = (number: number): Length => {
    const group = pattern.groups[number];
    return group === undefined ? unsure : measure(group);
  };
  // Inside of the group itself there is nothing to refer to yet.
  const referenceLength = (number: number): Length => {
    const group = pattern.groups[number];
    return group !== undefined && begun.has(group) ? unsure : groupLength(number);
  };
  const lengthOf = (node: Node): Length => {
    switch (node.kind) {
      case 'text':
        return fixed(Array.from(node.text).length);
      case 'set':
        return fixed(1);
      case 'sequence':
        return node.nodes.map(measure).reduce(sum, nothing);
      case 'alternatives':
        return node.nodes.map(measure).reduce(either);
      case 'repeat': {
        if (node.max === 0) return nothing;
        const { min, max, isSure } = measure(node.body);
        return { min: min * node.min, max: node.max === Infinity ? Infinity : max * node.max, isSure };
      }
      case 'group':
        return { ...measure(node.body), isSure: false };
      case 'atomic':
      case 'options':
        return measure(node.body);
      case 'call':
        return groupLength(node.group);
      case 'reference':
        return node.isCondition ? unsure : node.groups.map(referenceLength).reduce(either);
      case 'condition':
        return either(sum(measure(node.condition), measure(node.then)), measure(node.otherwise));
      case 'look':
      case 'place':
        return unsure;
      case 'keep':
        return nothing;
    }
  };
  return measure;
}

function fixed(length: number): Length {
  return { min: length, max: length, isSure: true };
}

function sum(left: Length, right: Length): Length {
  return { min: left.min + right.min, max: left.max + right.max, isSure: left.isSure && right.isSure };
}

function either(left: Length, right: Length): Length {
  const isSure = (left.isSure && left.min <= right.min) || (right.isSure && right.min <= left.min);
  return { min: Math.min(left.min, right.min), max: Math.max(left.max, right.max), isSure };
}
