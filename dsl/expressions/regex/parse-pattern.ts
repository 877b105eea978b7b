import { anyCharacter, makeSet, notNewline, rangeSource } from './character-set.ts';
import { fail, unsupported } from './errors.ts';
import { parseClass } from './parse-class.ts';
import { parseEscapedCharacter, parseProperty } from './parse-escape.ts';
import { parseGroup } from './parse-group.ts';
import { parseQuantifier } from './parse-quantifier.ts';
import { parseCall, parseReference } from './parse-reference.ts';
import { PatternReader } from './pattern-reader.ts';
import type { Options } from './pattern-reader.ts';
import { posixSet } from './properties.ts';
import { childrenOf, emptyNode } from './syntax-tree.ts';
import type { Node, Pattern, Place } from './syntax-tree.ts';

// Oniguruma goes to 4,096, which would overflow the stack here.
const maxDepth = 250;
const maxLength = 10_000;

/** Oniguruma's syntax as jq sets it up: ONIG_SYNTAX_PERL_NT, with plain groups capturing beside named ones. */
export function parsePattern(text: string, options: Options): Pattern {
  if (text.length > maxLength) unsupported(`patterns of more than ${maxLength} characters are`);
  const reader = new PatternReader(text, options);
  const root = parseAlternatives(reader);
  if (!reader.isAtEnd) fail('unmatched close parenthesis');
  for (const check of reader.checks) check();
  const groups: Node[] = [root];
  const called = new Set<number>();
  const observed = new Set<number>();
  const visit = (node: Node): void => {
    if (node.kind === 'group') groups[node.number] = node;
    if (node.kind === 'call') called.add(node.group);
    if (node.kind === 'reference') node.groups.forEach((group) => observed.add(group));
    childrenOf(node).forEach(visit);
  };
  visit(root);
  return { root, groupNames: reader.groupNames, groups, called, observed: new Set([...observed, ...called]) };
}

/** Everything up to the end or the closing parenthesis. Options set inside hold until there. */
function parseAlternatives(reader: PatternReader): Node {
  const { options } = reader;
  if (++reader.depth > maxDepth) unsupported(`groups nested deeper than ${maxDepth} are`);
  const branches = [parseBranch(reader)];
  while (reader.take('|')) branches.push(parseBranch(reader));
  reader.options = options;
  reader.depth--;
  return branches.length === 1 ? (branches[0] ?? emptyNode) : { kind: 'alternatives', nodes: branches };
}

function parseBranch(reader: PatternReader): Node {
  const nodes: Node[] = [];
  for (;;) {
    skipIgnored(reader);
    const next = reader.peek;
    if (next === '' || next === '|' || next === ')') break;
    // A quantifier concerns the last character of what is quoted.
    const quoted = reader.take('\\Q') ? parseQuoted(reader) : [];
    nodes.push(...quoted.slice(0, -1));
    const atom = quoted.at(-1) ?? parseAtom(reader);
    if (atom !== undefined) nodes.push(parseQuantified(reader, atom));
  }
  return nodes.length === 1 ? (nodes[0] ?? emptyNode) : { kind: 'sequence', nodes };
}

function parseQuantified(reader: PatternReader, atom: Node): Node {
  let node = atom;
  for (let count = 0; count < maxDepth; count++) {
    skipIgnored(reader);
    const quantified = parseQuantifier(reader, node);
    if (quantified === undefined) return node;
    node = quantified;
  }
  return unsupported(`more than ${maxDepth} quantifiers in a row are`);
}

/** Comments, and with option x white space. */
function skipIgnored(reader: PatternReader): void {
  for (;;) {
    if (reader.take('(?#')) {
      if (reader.match(/(?:[^\\)]|\\[\s\S])*\)/y) === null) fail('end pattern in group');
    } else if (!reader.options.extended || reader.match(/[ \t\n\r\f]+|#[^\n]*\n?/y) === null) return;
  }
}

/** One thing that a quantifier can follow; undefined where an option was set. */
function parseAtom(reader: PatternReader): Node | undefined {
  const { options } = reader;
  if (parseQuantifier(reader, emptyNode) !== undefined) fail('target of repeat operator is not specified');
  if (reader.peek === '(') return parseGroup(reader, parseAlternatives);
  if (reader.take('[')) return { kind: 'set', set: parseClass(reader) };
  if (reader.take('\\')) return parseEscape(reader);
  const character = reader.next('');
  switch (character) {
    case '.':
      return { kind: 'set', set: options.dotAll ? anyCharacter : notNewline };
    case '^':
      return { kind: 'place', place: options.multiLine ? 'lineStart' : 'start' };
    case '$':
      return { kind: 'place', place: options.multiLine ? 'lineEnd' : 'endOrLastNewline' };
    default:
      return literal(character, options);
  }
}

function literal(character: string, options: Options): Node {
  if (!options.ignoreCase || character.toLowerCase() === character.toUpperCase()) {
    return { kind: 'text', text: character };
  }
  return { kind: 'set', set: makeSet(`[${rangeSource(character.codePointAt(0) ?? 0)}]`, true) };
}

const places: ReadonlyMap<string, Place> = new Map([
  ['A', 'start'],
  ['z', 'end'],
  ['Z', 'endOrLastNewline'],
  ['G', 'searchStart'],
  ['b', 'wordEdge'],
  ['B', 'noWordEdge'],
]);

const generalNewline: Node = {
  kind: 'atomic',
  body: {
    kind: 'alternatives',
    nodes: [
      { kind: 'text', text: '\r\n' },
      { kind: 'set', set: makeSet('[\\n-\\r\\x85\\u2028\\u2029]') },
    ],
  },
};

function parseEscape(reader: PatternReader): Node {
  const start = reader.position;
  const letter = reader.next('end pattern at escape');
  const place = places.get(letter);
  if (place !== undefined) return { kind: 'place', place };
  switch (letter) {
    case 'w':
    case 'W':
      return { kind: 'set', set: posixSet('word', letter === 'W') };
    case 'd':
    case 'D':
      return { kind: 'set', set: posixSet('digit', letter === 'D') };
    case 's':
    case 'S':
      return { kind: 'set', set: posixSet('space', letter === 'S') };
    case 'N':
      return { kind: 'set', set: notNewline };
    case 'O':
      return { kind: 'set', set: anyCharacter };
    case 'R':
      return generalNewline;
    case 'K':
      return { kind: 'keep' };
    case 'X':
    case 'y':
    case 'Y':
      return unsupported(`\\${letter} (text segments) is`);
    case 'p':
    case 'P': {
      const source = parseProperty(reader, letter === 'P');
      return source === undefined ? literal(letter, reader.options) : { kind: 'set', set: makeSet(source) };
    }
    case 'k':
    case 'g': {
      const node = letter === 'k' ? parseReference(reader) : parseCall(reader);
      return node ?? literal(letter, reader.options);
    }
    default:
      if (letter >= '1' && letter <= '9') {
        reader.position = start;
        const reference = parseReference(reader);
        if (reference !== undefined) return reference;
      }
      reader.position = start;
      return literal(parseEscapedCharacter(reader), reader.options);
  }
}

function parseQuoted(reader: PatternReader): Node[] {
  const text = reader.match(/[\s\S]*?(?=\\E|$)/y)?.[0] ?? '';
  reader.take('\\E');
  return Array.from(text, (character) => literal(character, reader.options));
}
