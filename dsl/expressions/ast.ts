import type { Json } from '../json.ts';

export type BinaryOperator =
  '+' | '-' | '*' | '/' | '%' | '==' | '!=' | '<' | '<=' | '>' | '>=' | 'and' | 'or' | '//';

export type UpdateOperator = '=' | '|=' | '+=' | '-=' | '*=' | '/=' | '%=' | '//=';

interface At {
  /** Offset in the source, in UTF-16 units. */
  readonly offset: number;
}

export interface ObjectEntry {
  readonly key: Node;
  readonly value: Node;
}

export interface FunctionDefinition {
  readonly name: string;
  /** `$name` stands for a parameter that is evaluated before the body. */
  readonly parameters: readonly string[];
  readonly body: Node;
}

/** A pattern of `as`: what it binds, or how it takes an array or object apart. */
export type Pattern =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'array'; readonly items: readonly Pattern[] }
  | { readonly kind: 'object'; readonly entries: readonly PatternEntry[] };

export interface PatternEntry {
  readonly key: Node;
  /** Of `$name` and `$name: pattern`: the variable that gets the whole member. */
  readonly variable?: string;
  readonly pattern?: Pattern;
}

export interface Branch {
  readonly condition: Node;
  readonly then: Node;
}

/** An expression. Chains of `|` and `,` are flat, so that long ones are not deep. */
export type Node = At &
  (
    | { readonly kind: 'identity' }
    | { readonly kind: 'recurse' }
    | { readonly kind: 'literal'; readonly value: Json }
    | { readonly kind: 'string'; readonly format?: string; readonly parts: readonly (string | Node)[] }
    | { readonly kind: 'format'; readonly name: string }
    | { readonly kind: 'index'; readonly target: Node; readonly key: Node; readonly optional?: true }
    | {
        readonly kind: 'slice';
        readonly target: Node;
        readonly from?: Node;
        readonly to?: Node;
        readonly optional?: true;
      }
    | { readonly kind: 'iterate'; readonly target: Node; readonly optional?: true }
    | { readonly kind: 'variable'; readonly name: string }
    | { readonly kind: 'call'; readonly name: string; readonly args: readonly Node[] }
    | { readonly kind: 'array'; readonly body?: Node }
    | { readonly kind: 'object'; readonly entries: readonly ObjectEntry[] }
    | { readonly kind: 'pipe'; readonly stages: readonly Node[] }
    | { readonly kind: 'comma'; readonly items: readonly Node[] }
    | { readonly kind: 'negate'; readonly operand: Node }
    | {
        readonly kind: 'binary';
        readonly operator: BinaryOperator;
        readonly left: Node;
        readonly right: Node;
      }
    | {
        readonly kind: 'update';
        readonly operator: UpdateOperator;
        readonly left: Node;
        readonly right: Node;
      }
    | { readonly kind: 'if'; readonly branches: readonly Branch[]; readonly otherwise?: Node }
    | { readonly kind: 'try'; readonly body: Node; readonly handler?: Node }
    | {
        readonly kind: 'reduce';
        readonly source: Node;
        readonly patterns: readonly Pattern[];
        readonly init: Node;
        readonly update: Node;
      }
    | {
        readonly kind: 'foreach';
        readonly source: Node;
        readonly patterns: readonly Pattern[];
        readonly init: Node;
        readonly update: Node;
        readonly extract?: Node;
      }
    | {
        readonly kind: 'bind';
        readonly source: Node;
        readonly patterns: readonly Pattern[];
        readonly body: Node;
      }
    | { readonly kind: 'define'; readonly definition: FunctionDefinition; readonly body: Node }
    | { readonly kind: 'label'; readonly name: string; readonly body: Node }
    | { readonly kind: 'break'; readonly name: string }
  );

type NodeKind = Node['kind'];
export type NodeOf<Kind extends NodeKind> = Extract<Node, { kind: Kind }>;
