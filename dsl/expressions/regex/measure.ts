import type { Node, Pattern } from './syntax-tree.ts';

/** How many characters a part can match. */
export interface Length {
  readonly min: number;
  readonly max: number;
}

const nothing: Length = { min: 0, max: 0 };

/** Makes a function that measures the parts of a pattern, each once. What recurses may have any length. */
export function makeMeasure(pattern: Pattern): (node: Node) => Length {
  const known = new Map<Node, Length>();
  const measure = (node: Node): Length => {
    const length = known.get(node);
    if (length !== undefined) return length;
    known.set(node, { min: 0, max: Infinity });
    const found = lengthOf(node);
    known.set(node, found);
    return found;
  };
  const groupLength = (number: number): Length => {
    const group = pattern.groups[number];
    return group === undefined ? nothing : measure(group);
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
        const { min, max } = measure(node.body);
        return { min: min * node.min, max: max === 0 || node.max === 0 ? 0 : max * node.max };
      }
      case 'group':
      case 'atomic':
      case 'options':
        return measure(node.body);
      case 'call':
        return groupLength(node.group);
      case 'reference':
        return node.isCondition ? nothing : node.groups.map(groupLength).reduce(either);
      case 'condition':
        return either(sum(measure(node.condition), measure(node.then)), measure(node.otherwise));
      case 'look':
      case 'place':
      case 'keep':
        return nothing;
    }
  };
  return measure;
}

function fixed(length: number): Length {
  return { min: length, max: length };
}

function sum(left: Length, right: Length): Length {
  return { min: left.min + right.min, max: left.max + right.max };
}

function either(left: Length, right: Length): Length {
  return { min: Math.min(left.min, right.min), max: Math.max(left.max, right.max) };
}
