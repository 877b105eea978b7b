/** Finds the places in an expression that name a variable. */
import type { Node } from '../expressions/ast.ts';
import { parseExpression } from '../expressions/parser.ts';

/** One `$name` in an expression. */
export interface VariableUse {
  readonly name: string;
  /** UTF-16 units into the expression. */
  readonly offset: number;
  /** The member that is taken from it where that is written out, as in `$secrets.token`. */
  readonly member?: string;
}

/** Every use of a variable, in no certain order; those bound inside of the expression included. */
export function variableUses(source: string): readonly VariableUse[] {
  const uses: VariableUse[] = [];
  visit(parseExpression(source), uses);
  return uses;
}

// The tree has many kinds of nodes and only two of them matter here: it is walked as plain data.
function visit(part: unknown, uses: VariableUse[]): void {
  if (typeof part !== 'object' || part === null) return;
  if (Array.isArray(part)) {
    for (const item of part) visit(item, uses);
    return;
  }
  if (isNode(part)) {
    if (part.kind === 'index' && part.target.kind === 'variable') {
      const { name, offset } = part.target;
      const member = literalText(part.key);
      uses.push(member === undefined ? { name, offset } : { name, offset, member });
      visit(part.key, uses);
      return;
    }
    if (part.kind === 'variable') {
      uses.push({ name: part.name, offset: part.offset });
      return;
    }
    if (part.kind === 'literal') return;
  }
  for (const member of Object.values(part)) visit(member, uses);
}

function isNode(part: object): part is Node {
  return 'kind' in part && 'offset' in part;
}

function literalText(node: Node): string | undefined {
  if (node.kind === 'literal') return typeof node.value === 'string' ? node.value : undefined;
  if (node.kind !== 'string' || node.format !== undefined) return undefined;
  return node.parts.every((part) => typeof part === 'string') ? node.parts.join('') : undefined;
}
