import { makeSet, rangeSource, unionOf } from './character-set.ts';
import type { CharacterSet } from './character-set.ts';
import type { SearchHints } from './program.ts';
import { emptyNode } from './syntax-tree.ts';
import type { Node } from './syntax-tree.ts';

const maxAlternatives = 100;

/** What a search can skip by. */
export function searchHints(root: Node): SearchHints {
  const start = firstPart(root);
  const isAt = (place: string): boolean => start.kind === 'place' && start.place === place;
  const first = firstCharacters(root);
  return {
    isAtStart: isAt('start'),
    isAtSearchStart: isAt('searchStart'),
    prefix: start.kind === 'text' ? start.text : '',
    first: first === undefined || first.canBeEmpty ? undefined : unionOf(first.sets),
  };
}

/** The part that every match begins with. */
function firstPart(node: Node): Node {
  switch (node.kind) {
    case 'sequence':
      return firstPart(node.nodes[0] ?? { kind: 'keep' });
    case 'group':
    case 'atomic':
    case 'options':
      return firstPart(node.body);
    case 'repeat':
      return node.min > 0 ? firstPart(node.body) : emptyNode;
    default:
      return node;
  }
}

interface FirstCharacters {
  readonly sets: readonly CharacterSet[];
  readonly canBeEmpty: boolean;
}

const nothing: FirstCharacters = { sets: [], canBeEmpty: true };

/** The characters that a match can begin with, some more perhaps; undefined where that is not known. */
function firstCharacters(node: Node): FirstCharacters | undefined {
  switch (node.kind) {
    case 'text':
      return { sets: [makeSet(`[${rangeSource(node.text.codePointAt(0) ?? 0)}]`)], canBeEmpty: false };
    case 'set':
      return { sets: [node.set], canBeEmpty: false };
    case 'sequence': {
      const sets: CharacterSet[] = [];
      for (const part of node.nodes) {
        const first = firstCharacters(part);
        if (first === undefined) return undefined;
        sets.push(...first.sets);
        if (!first.canBeEmpty) return { sets, canBeEmpty: false };
      }
      return { sets, canBeEmpty: true };
    }
    case 'alternatives': {
      if (node.nodes.length > maxAlternatives) return undefined;
      const sets: CharacterSet[] = [];
      let canBeEmpty = false;
      for (const branch of node.nodes) {
        const first = firstCharacters(branch);
        if (first === undefined) return undefined;
        sets.push(...first.sets);
        canBeEmpty ||= first.canBeEmpty;
      }
      return { sets, canBeEmpty };
    }
    case 'repeat': {
      const first = node.max === 0 ? nothing : firstCharacters(node.body);
      return first === undefined || node.min > 0 ? first : { ...first, canBeEmpty: true };
    }
    case 'group':
    case 'atomic':
    case 'options':
      return firstCharacters(node.body);
    case 'look':
    case 'place':
    case 'keep':
      return nothing;
    default:
      return undefined;
  }
}
