import type { FunctionDefinition, Node } from './ast.ts';
import type { Code, Paths } from './code.ts';
import { ExpressionSyntaxError } from './errors.ts';

/** What a name stands for at compile time. */
export type Binding =
  | { readonly kind: 'variable'; readonly name: string }
  /** `$name` as a parameter is a function `name` too. */
  | { readonly kind: 'value-parameter'; readonly name: string }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'label'; readonly name: string }
  | { readonly kind: 'function'; readonly definition: CompiledFunction };

/** A function definition and, once they are wanted, its two compiled forms. */
export interface CompiledFunction extends FunctionDefinition {
  /** Where it is defined; its body sees this and itself. */
  readonly scope: Scope | undefined;
  code: Code | undefined;
  paths: Paths | undefined;
  /** Greatest depth that one call of its path form takes. */
  pathWeight: number;
  /** While the body is being compiled: whether a call of itself is taken to have at most one output. */
  assumedOne: boolean;
  recursive: boolean;
}

/** The chain of names around a node, innermost first. */
export interface Scope {
  readonly binding: Binding;
  /** Links of the run-time chain from the outermost to this one; functions have none of their own. */
  readonly level: number;
  readonly up: Scope | undefined;
}

/** What the parts of the compiler ask of each other. */
export interface Compiler {
  readonly source: string;
  /** Free variables that were met. */
  readonly globals: Set<string>;
  /** Nodes that may yet be compiled. */
  nodes: number;
  /** How often a recursive function may yet be compiled a second time. */
  recompilations: number;
  /** Functions of the prelude that were called. */
  readonly prelude: Map<string, CompiledFunction>;
  code(node: Node, scope: Scope | undefined): Code;
  paths(node: Node, scope: Scope | undefined): Paths;
}

export function levelOf(scope: Scope | undefined): number {
  return scope?.level ?? 0;
}

export function bind(scope: Scope | undefined, binding: Binding): Scope {
  const level = levelOf(scope) + (binding.kind === 'function' ? 0 : 1);
  return { binding, level, up: scope };
}

/** The innermost variable, or label, of that name and how many links out it is. */
export function findValue(
  scope: Scope | undefined,
  kind: 'variable' | 'label',
  name: string,
): { readonly hops: number } | undefined {
  for (let at = scope; at !== undefined; at = at.up) {
    const { binding } = at;
    if (binding.kind === 'function' || binding.name !== name) continue;
    const isValue = binding.kind === 'variable' || binding.kind === 'value-parameter';
    if (kind === 'label' ? binding.kind === 'label' : isValue) return { hops: levelOf(scope) - at.level };
  }
  return undefined;
}

export type FoundFunction =
  | { readonly kind: 'function'; readonly definition: CompiledFunction; readonly hops: number }
  | { readonly kind: 'parameter'; readonly hops: number };

/** The innermost function or argument of that name and number of arguments. */
export function findFunction(
  scope: Scope | undefined,
  name: string,
  arity: number,
): FoundFunction | undefined {
  for (let at = scope; at !== undefined; at = at.up) {
    const { binding } = at;
    const hops = levelOf(scope) - at.level;
    if (binding.kind === 'function') {
      const { definition } = binding;
      if (definition.name === name && definition.parameters.length === arity) {
        return { kind: 'function', definition, hops };
      }
    } else if (arity === 0 && binding.name === name) {
      if (binding.kind === 'parameter' || binding.kind === 'value-parameter') {
        return { kind: 'parameter', hops };
      }
    }
  }
  return undefined;
}

export function refuse(compiler: Compiler, message: string, node: { readonly offset: number }): never {
  throw new ExpressionSyntaxError(message, compiler.source, node.offset);
}
