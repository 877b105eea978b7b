import type { Node } from '../../dsl/expressions/ast.ts';
import { parseExpression } from '../../dsl/expressions/parser.ts';

/** Whether some node of the program is such a one; none is of a text that is no program. */
export function someNode(program: string, isWanted: (node: Node) => boolean): boolean {
  try {
    return some(parseExpression(program), isWanted);
  } catch {
    return false;
  }
}

/** The functions that a program calls, as `name/arity`, whoever defines them. */
export function callsOf(program: string): ReadonlySet<string> {
  const calls = new Set<string>();
  someNode(program, (node) => {
    if (node.kind === 'call') calls.add(`${node.name}/${node.args.length}`);
    return false;
  });
  return calls;
}

/** Whether an expression may have two outputs: it says so of too many, since it does not look into what is called. */
export function mayBranch(node: Node): boolean {
  return some(node, ({ kind }) => ['comma', 'iterate', 'recurse', 'call', 'foreach', 'bind'].includes(kind));
}

/** Whether a node takes values apart into several variables, or runs over a source. */
export function takesApart(node: Node): boolean {
  if (node.kind === 'reduce' || node.kind === 'foreach') return true;
  return node.kind === 'bind' && node.patterns.some(({ kind }) => kind !== 'variable');
}

function some(part: unknown, isWanted: (node: Node) => boolean): boolean {
  if (typeof part !== 'object' || part === null) return false;
  if (isNode(part) && isWanted(part)) return true;
  return Object.values(part).some((inner) => some(inner, isWanted));
}

function isNode(part: object): part is Node {
  return 'kind' in part && 'offset' in part;
}
