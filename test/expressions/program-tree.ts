import type { Node, NodeOf } from '../../dsl/expressions/ast.ts';
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

/** Whether a node, or the definition of what it calls in jq, makes its outputs out of parts of other values. */
export function takesApart(node: Node): boolean {
  switch (node.kind) {
    case 'reduce':
    case 'foreach':
    case 'update':
      return true;
    case 'array':
      return node.body !== undefined && some(node.body, ({ kind }) => kind !== 'literal' && kind !== 'comma');
    case 'bind':
      return node.patterns.some(({ kind }) => kind !== 'variable');
    case 'binary':
      return ['+', '*', '/'].includes(node.operator);
    case 'call':
      return !keepsPaths(node);
    default:
      return false;
  }
}

// Built-ins that are steps of paths, or are written in C and so take none; and the names that generated programs define.
const stepping =
  /^(?:first|nth|limit|skip|select|recurse|repeat|getpath|paths?|empty|error|debug|not|length|type|keys|isn?\w+|values|nulls|strings|numbers|booleans|arrays|objects|iterables|scalars|[fghp])$/;

function keepsPaths({ name, args }: NodeOf<'call'>): boolean {
  return stepping.test(name) || (name === 'last' && args.length === 0);
}

/** Whether such a node stands in what the program takes for a path: it may say so of too many definitions. */
export function standsInPath(program: string, isWanted: (node: Node) => boolean): boolean {
  return someNode(program, (node) => {
    if (node.kind === 'define') return some(node.definition.body, isWanted);
    return pathsIn(node).some((path) => some(path, isWanted));
  });
}

/** Parts of a node that are paths, or may be when it calls a function of the program. */
function pathsIn(node: Node): readonly Node[] {
  if (node.kind === 'update') return [node.left];
  if (node.kind !== 'call') return [];
  return ['path', 'paths', 'del', 'pick', 'f', 'g'].includes(node.name) ? node.args : [];
}

function some(part: unknown, isWanted: (node: Node) => boolean): boolean {
  if (typeof part !== 'object' || part === null) return false;
  if (isNode(part) && isWanted(part)) return true;
  return Object.values(part).some((inner) => some(inner, isWanted));
}

function isNode(part: object): part is Node {
  return 'kind' in part && 'offset' in part;
}
