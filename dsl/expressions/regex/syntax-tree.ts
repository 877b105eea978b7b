import { rangeSource, setOfParts } from './character-set.ts';
import type { CharacterSet } from './character-set.ts';

/** Where an assertion without a body holds. */
export type Place =
  'start' | 'end' | 'endOrLastNewline' | 'lineStart' | 'lineEnd' | 'searchStart' | 'wordEdge' | 'noWordEdge';

export interface RepeatNode {
  readonly kind: 'repeat';
  readonly body: Node;
  readonly min: number;
  readonly max: number;
  readonly isGreedy: boolean;
}

/** `(?=`, `(?!`, `(?<=` and `(?<!`. */
export interface LookNode {
  readonly kind: 'look';
  readonly isBehind: boolean;
  readonly isNegative: boolean;
  readonly body: Node;
}

/** A pattern as a tree. Options such as `i` are already part of the nodes that they concern. */
export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'sequence' | 'alternatives'; readonly nodes: readonly Node[] }
  | RepeatNode
  | { readonly kind: 'group'; readonly number: number; readonly body: Node }
  /** `atomic` never gives back what it matched; `options` is `(?i:…)`. */
  | { readonly kind: 'atomic' | 'options'; readonly body: Node }
  | LookNode
  | { readonly kind: 'place'; readonly place: Place }
  | { readonly kind: 'keep' }
  /** The text of the first of these groups that is set and matches; `isCondition` asks only whether one is set. */
  | {
      readonly kind: 'reference';
      readonly groups: readonly number[];
      readonly ignoreCase: boolean;
      readonly isCondition: boolean;
    }
  | { readonly kind: 'call'; readonly group: number }
  | { readonly kind: 'condition'; readonly condition: Node; readonly then: Node; readonly otherwise: Node };

/** A parsed pattern. */
export interface Pattern {
  readonly root: Node;
  /** Name of every capturing group, in order. */
  readonly groupNames: readonly (string | null)[];
  /** Bodies by number; 0 is the whole pattern. */
  readonly groups: readonly Node[];
  /** Groups that a call names, by number. */
  readonly called: ReadonlySet<number>;
  /** Groups that a call or a reference names. */
  readonly observed: ReadonlySet<number>;
}

export const emptyNode: Node = { kind: 'sequence', nodes: [] };

/** The nodes directly inside one. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'sequence':
    case 'alternatives':
      return node.nodes;
    case 'condition':
      return [node.condition, node.then, node.otherwise];
    case 'repeat':
    case 'group':
    case 'atomic':
    case 'options':
    case 'look':
      return [node.body];
    default:
      return [];
  }
}

/** Numbers of the groups in a part. */
export function groupsIn(node: Node): Set<number> {
  const inside = new Set(childrenOf(node).flatMap((child) => [...groupsIn(child)]));
  return node.kind === 'group' ? inside.add(node.number) : inside;
}

/** True if a part asks for what a group matched. */
export function hasReference(node: Node): boolean {
  return node.kind === 'reference' || childrenOf(node).some(hasReference);
}

/** The set of one character that a text is, or nothing. */
export function singleCharacter(node: Node): CharacterSet[] {
  const point = node.kind === 'text' ? node.text.codePointAt(0) : undefined;
  if (node.kind !== 'text' || point === undefined || node.text.length > (point > 0xffff ? 2 : 1)) return [];
  return [setOfParts([{ source: rangeSource(point), last: point }], false, false)];
}

/** Neighbouring texts as one. */
export function joined(nodes: readonly Node[]): Node[] {
  const result: Node[] = [];
  for (const node of nodes) {
    const last = result.at(-1);
    if (node.kind === 'text' && last?.kind === 'text')
      result[result.length - 1] = { kind: 'text', text: last.text + node.text };
    else result.push(node);
  }
  return result;
}
