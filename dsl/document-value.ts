/** Turns a parsed YAML document into plain JSON data. */
import { isAlias, isCollection, isMap, isPair, isScalar, isSeq } from 'yaml';
import type { Alias, Node, Pair, Scalar } from 'yaml';
import { pointerToken } from './json.ts';
import type { Json } from './json.ts';
import { describeValue, quote } from './wording.ts';
import type { FindingCode } from './validate/finding.ts';

/** Thrown for a document that is valid YAML and no acceptable definition text. */
export class DocumentProblem extends Error {
  override readonly name = 'DocumentProblem';
  readonly code: FindingCode;
  /** In UTF-16 units from the start of the text. */
  readonly offset: number;

  constructor(code: FindingCode, message: string, offset: number) {
    super(message);
    this.code = code;
    this.offset = offset;
  }
}

/** A key that an object has already. */
export interface DuplicateKey {
  readonly pointer: string;
  readonly key: string;
  readonly offset: number;
}

/** What each alias stands for. */
export type AliasTargets = ReadonlyMap<Alias, Node>;

// Each expansion repeats its target's nodes, and 100 aliases of half a document are many.
const maxExpandedNodes = 100_000;

/** The data of a document, what its aliases stand for, and its duplicate keys. Throws {@link DocumentProblem}. */
export function plainValue(
  contents: Node,
  limits: { readonly depth: number; readonly aliases: number },
): { readonly value: Json; readonly targets: AliasTargets; readonly duplicates: readonly DuplicateKey[] } {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  const open = new Set<Node>();
  const duplicates: DuplicateKey[] = [];
  let aliases = 0;
  let expanded = 0;

  function convert(node: unknown, pointer: string, depth: number, inAlias: boolean): Json {
    if (!isCollection(node) && !isScalar(node) && !isAlias(node)) return null;
    const offset = node.range?.[0] ?? 0;
    if (depth > limits.depth) {
      throw new DocumentProblem(
        'too-large',
        `the document is nested deeper than ${limits.depth} levels`,
        offset,
      );
    }
    if (inAlias && ++expanded > maxExpandedNodes) {
      throw new DocumentProblem('too-large', 'the aliases of the document expand to too much', offset);
    }
    if (isAlias(node)) return convertAlias(node, pointer, depth, offset);
    if (node.anchor !== undefined && !inAlias) anchors.set(node.anchor, node);
    if (isScalar(node)) return scalarValue(node, offset);
    open.add(node);
    const value = isSeq(node)
      ? node.items.map((item, index) => convert(item, `${pointer}/${index}`, depth + 1, inAlias))
      : isMap(node)
        ? convertMembers(node.items, pointer, depth, inAlias)
        : null;
    open.delete(node);
    return value;
  }

  function convertAlias(alias: Alias, pointer: string, depth: number, offset: number): Json {
    const target = targets.get(alias) ?? anchors.get(alias.source);
    if (target === undefined) {
      throw new DocumentProblem(
        'yaml',
        `no anchor named ${quote(alias.source)} stands before this alias`,
        offset,
      );
    }
    if (open.has(target)) {
      throw new DocumentProblem(
        'yaml',
        `the alias ${quote(alias.source)} stands within what it repeats`,
        offset,
      );
    }
    if (++aliases > limits.aliases) {
      throw new DocumentProblem(
        'too-large',
        `more than ${limits.aliases} aliases have to be expanded`,
        offset,
      );
    }
    targets.set(alias, target);
    return convert(target, pointer, depth, true);
  }

  function convertMembers(pairs: readonly Pair[], pointer: string, depth: number, inAlias: boolean): Json {
    const members = new Map<string, Json>();
    for (const pair of pairs) {
      const { text: key, offset } = keyOf(pair);
      const at = `${pointer}/${pointerToken(key)}`;
      if (members.has(key) && !inAlias) duplicates.push({ pointer: at, key, offset });
      members.set(key, convert(pair.value, at, depth + 1, inAlias));
    }
    return Object.fromEntries(members);
  }

  return { value: convert(contents, '', 1, false), targets, duplicates };
}

/** The text of a member's key, and where it stands. */
export function keyOf(pair: unknown): { readonly text: string; readonly offset: number } {
  if (isPair(pair) && isScalar(pair.key)) {
    const { value, range } = pair.key;
    return { text: typeof value === 'string' ? value : '', offset: range?.[0] ?? 0 };
  }
  throw new DocumentProblem('yaml', 'a key must be a text', 0);
}

function scalarValue(scalar: Scalar, offset: number): Json {
  const { value } = scalar;
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  const found = typeof value === 'number' ? String(value) : describeValue(undefined);
  throw new DocumentProblem('yaml', `${found} has no place in JSON data`, offset);
}
