import { fail } from './errors.ts';
import type { Length } from './measure.ts';
import type { Node, Pattern } from './syntax-tree.ts';

/** How a part leads back into the group that is looked at. */
interface Recursion {
  /** Whichever way it matches, it does. */
  readonly always: boolean;
  /** It can without having matched a character since the group began. */
  readonly atOnce: boolean;
}

const none: Recursion = { always: false, atOnce: false };

/** Refuses groups that call themselves before they match anything, or whatever they match. */
export function checkCalls(pattern: Pattern, measure: (node: Node) => Length): void {
  for (const number of pattern.called) {
    const entered = new Set<number>();
    // By group and whether it is at the head: groups that call each other twice would double the work each.
    const known = new Map<string, Recursion>();

    const enter = (group: number, isHead: boolean): Recursion => {
      if (group === number && entered.has(number)) return { always: true, atOnce: isHead };
      const key = `${group}${isHead}`;
      const before = entered.has(group) ? none : known.get(key);
      if (before !== undefined) return before;
      entered.add(group);
      const node = pattern.groups[group];
      const found = node === undefined ? none : visit(node.kind === 'group' ? node.body : node, isHead);
      if (group !== number) entered.delete(group);
      known.set(key, found);
      return found;
    };

    const visit = (node: Node, isHead: boolean): Recursion => {
      switch (node.kind) {
        case 'sequence':
          return visitAll(node.nodes, isHead);
        case 'alternatives': {
          const found = node.nodes.map((each) => visit(each, isHead));
          return { always: found.every((each) => each.always), atOnce: found.some((each) => each.atOnce) };
        }
        case 'repeat': {
          if (node.max === 0) return none;
          const found = visit(node.body, isHead);
          return node.min === 0 ? { ...found, always: false } : found;
        }
        case 'condition': {
          const then = visitAll([node.condition, node.then], isHead);
          const otherwise = visit(node.otherwise, isHead);
          return {
            always: then.always && otherwise.always,
            atOnce: then.atOnce || otherwise.atOnce,
          };
        }
        case 'atomic':
        case 'options':
        case 'look':
          return visit(node.body, isHead);
        case 'group':
          return enter(node.number, isHead);
        case 'call':
          return enter(node.group, isHead);
        default:
          return none;
      }
    };

    const visitAll = (nodes: readonly Node[], isHead: boolean): Recursion => {
      let head = isHead;
      let found = none;
      for (const node of nodes) {
        const part = visit(node, head);
        found = { always: found.always || part.always, atOnce: found.atOnce || part.atOnce };
        if (measure(node).min > 0) head = false;
      }
      return found;
    };

    const { always, atOnce } = enter(number, true);
    if (always || atOnce) fail('never ending recursion');
  }
}
