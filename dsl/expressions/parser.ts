import type { BinaryOperator, FunctionDefinition, Node, UpdateOperator } from './ast.ts';
import { ExpressionSyntaxError } from './errors.ts';
import { tokenize } from './lexer.ts';
import { parsePatterns } from './parse-pattern.ts';
import { parsePostfix } from './parse-term.ts';
import { TokenStream } from './token-stream.ts';

/** How tight operators bind, from loose to tight; `|` and `,` are below all of these. */
const precedence: ReadonlyMap<string, number> = new Map(
  [
    ['//'],
    ['=', '|=', '+=', '-=', '*=', '/=', '%=', '//='],
    ['or'],
    ['and'],
    ['==', '!=', '<', '<=', '>', '>='],
    ['+', '-'],
    ['*', '/', '%'],
  ].flatMap((operators, level) => operators.map((operator) => [operator, level] as const)),
);

const alternative = 0;
/** Levels at which `a < b < c` is a mistake. */
const unchained: ReadonlySet<number> = new Set([1, 4]);

const updates: ReadonlySet<string> = new Set(['=', '|=', '+=', '-=', '*=', '/=', '%=', '//=']);

// `1 + 1 + 1 …` makes a tree as deep as it is long.
const maxChain = 300;

// Nobody writes such a one by hand, and a longer one would hold up the worker while it is parsed.
const maxSource = 100_000;

/** Parses a whole jq 1.8 program. Throws ExpressionSyntaxError with the place. */
export function parseExpression(source: string): Node {
  if (source.length > maxSource) {
    throw new ExpressionSyntaxError(`The expression has more than ${maxSource} characters`, source, 0);
  }
  const stream = new TokenStream(source, tokenize(source));
  const node = parsePipe(stream);
  if (stream.current.kind !== 'end') stream.unexpected('the end');
  return node;
}

/** `def … ;`, `a | b`, `a, b` and everything that binds tighter. */
export function parsePipe(stream: TokenStream): Node {
  return stream.nest(() => {
    const offset = stream.current.start;
    const stages: Node[] = [];
    do {
      if (stream.is('import') || stream.is('include')) {
        stream.fail('Modules are not available: import and include');
      }
      stages.push(parseComma(stream));
    } while (stream.skip('|'));
    return single(stages) ?? { kind: 'pipe', stages, offset };
  });
}

function parseDefinition(stream: TokenStream): Node {
  const offset = stream.current.start;
  const definition = parseFunction(stream);
  return { kind: 'define', definition, body: parsePipe(stream), offset };
}

function parseFunction(stream: TokenStream): FunctionDefinition {
  stream.expect('def');
  if (stream.current.kind !== 'identifier' && stream.current.kind !== 'keyword') {
    stream.unexpected('a function name');
  }
  const name = stream.take().text;
  const parameters: string[] = [];
  if (stream.skip('(')) {
    do {
      const { kind, text } = stream.take();
      if (kind === 'variable') parameters.push(`$${text}`);
      else if (kind === 'identifier' || kind === 'keyword') parameters.push(text);
      else stream.unexpected('a parameter name');
    } while (stream.skip(';'));
    stream.expect(')');
  }
  stream.expect(':');
  const body = parsePipe(stream);
  stream.expect(';');
  return { name, parameters, body };
}

function parseComma(stream: TokenStream): Node {
  const offset = stream.current.start;
  const items: Node[] = [];
  do items.push(parseItem(stream));
  while (stream.skip(','));
  return single(items) ?? { kind: 'comma', items, offset };
}

/** What `def`, `label` and `as` bring into scope reaches to the right as far as it can, over `|` and `,`. */
function parseItem(stream: TokenStream): Node {
  const offset = stream.current.start;
  if (stream.is('def')) return parseDefinition(stream);
  if (stream.skip('label')) {
    const name = stream.expectVariable();
    stream.expect('|');
    return { kind: 'label', name, body: parsePipe(stream), offset };
  }
  const source = parseOperators(stream);
  if (!stream.skip('as')) return source;
  const patterns = parsePatterns(stream);
  stream.expect('|');
  return { kind: 'bind', source, patterns, body: parsePipe(stream), offset };
}

/** One expression without a bare `|` or `,` at its top; `least` is the loosest level that it may hold. */
export function parseOperators(stream: TokenStream, least = 0): Node {
  let left = parseUnary(stream);
  for (let length = 0; ; length++) {
    const level = levelHere(stream);
    if (level === undefined || level < least) return left;
    if (length > maxChain) stream.fail('Too many operators in a row');
    const { text, start: offset } = stream.take();
    // `//` alone associates to the right.
    const right = stream.nest(() => parseOperators(stream, level === alternative ? level : level + 1));
    left = operation(text, left, right, offset);
    if (unchained.has(level) && levelHere(stream) === level) stream.unexpected('parentheses');
  }
}

function levelHere(stream: TokenStream): number | undefined {
  const { kind, text } = stream.current;
  return kind === 'operator' || kind === 'keyword' ? precedence.get(text) : undefined;
}

function operation(operator: string, left: Node, right: Node, offset: number): Node {
  return updates.has(operator)
    ? { kind: 'update', operator: operator as UpdateOperator, left, right, offset }
    : { kind: 'binary', operator: operator as BinaryOperator, left, right, offset };
}

function parseUnary(stream: TokenStream): Node {
  const offset = stream.current.start;
  if (stream.skip('-')) return { kind: 'negate', operand: stream.nest(() => parseUnary(stream)), offset };
  return parsePostfix(stream);
}

function single(nodes: readonly Node[]): Node | undefined {
  return nodes.length === 1 ? nodes[0] : undefined;
}
