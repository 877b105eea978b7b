import type { Branch, Node } from './ast.ts';
import type { StringPart } from './lexer.ts';
import { parseObject } from './parse-object.ts';
import { parsePatterns } from './parse-pattern.ts';
import { parseOperators, parsePipe } from './parser.ts';
import { TokenStream } from './token-stream.ts';

// `.a.b.c …` makes a tree as deep as it is long.
const maxSuffixes = 300;

/** A term with everything that may follow it: `.a`, `."a"`, `[…]`, `?`. */
export function parsePostfix(stream: TokenStream): Node {
  // `(.a.b)?` covers all that is in the parentheses.
  let coversAll = stream.is('(');
  let node = parseTerm(stream);
  for (let count = 0; ; count++) {
    if (count > maxSuffixes) stream.fail('Too many path steps in a row');
    const suffixed = parseSuffix(stream, node, coversAll);
    if (suffixed === undefined) return node;
    node = suffixed;
    coversAll = false;
  }
}

function parseSuffix(stream: TokenStream, target: Node, coversAll: boolean): Node | undefined {
  const { kind, text, start: offset } = stream.current;
  if (kind === 'field') {
    stream.take();
    return { kind: 'index', target, key: { kind: 'literal', value: text, offset }, offset };
  }
  if (stream.skip('?')) return coversAll ? { kind: 'try', body: target, offset } : optional(target, offset);
  if (stream.is('[')) return parseBrackets(stream, target);
  if (!stream.is('.')) return undefined;
  const next = stream.following;
  if (next.kind === 'string') {
    stream.take();
    return { kind: 'index', target, key: parseString(stream), offset };
  }
  if (next.kind === 'operator' && next.text === '[') {
    stream.take();
    return parseBrackets(stream, target);
  }
  return undefined;
}

/** `?` after a step of a path covers that step alone: what comes before it still fails. */
function optional(target: Node, offset: number): Node {
  const isStep = target.kind === 'index' || target.kind === 'slice' || target.kind === 'iterate';
  return isStep && target.optional !== true
    ? { ...target, optional: true }
    : { kind: 'try', body: target, offset };
}

function parseBrackets(stream: TokenStream, target: Node): Node {
  const { start: offset } = stream.expect('[');
  if (stream.skip(']')) return { kind: 'iterate', target, offset };
  if (stream.skip(':')) {
    const to = parsePipe(stream);
    stream.expect(']');
    return { kind: 'slice', target, to, offset };
  }
  const key = parsePipe(stream);
  if (stream.skip(']')) return { kind: 'index', target, key, offset };
  stream.expect(':');
  if (stream.skip(']')) return { kind: 'slice', target, from: key, offset };
  const to = parsePipe(stream);
  stream.expect(']');
  return { kind: 'slice', target, from: key, to, offset };
}

function parseTerm(stream: TokenStream): Node {
  const { kind, text, start: offset } = stream.current;
  switch (kind) {
    case 'number':
      stream.take();
      return { kind: 'literal', value: Number(text), offset };
    case 'string':
      return parseString(stream);
    case 'format':
      stream.take();
      return stream.current.kind === 'string'
        ? parseString(stream, text)
        : { kind: 'format', name: text, offset };
    case 'field':
      stream.take();
      return {
        kind: 'index',
        target: { kind: 'identity', offset },
        key: { kind: 'literal', value: text, offset },
        offset,
      };
    case 'variable':
      stream.take();
      return text === '__loc__' ? location(stream, offset) : { kind: 'variable', name: text, offset };
    case 'identifier':
      return parseCall(stream);
    case 'keyword':
      return parseKeyword(stream);
    case 'operator':
      return parseSymbol(stream);
    case 'end':
      return stream.unexpected('an expression');
  }
}

function parseSymbol(stream: TokenStream): Node {
  const { text, start: offset } = stream.current;
  switch (text) {
    case '.': {
      stream.take();
      const identity: Node = { kind: 'identity', offset };
      if (stream.current.kind !== 'string') return identity;
      return { kind: 'index', target: identity, key: parseString(stream), offset };
    }
    case '..':
      stream.take();
      return { kind: 'recurse', offset };
    case '(': {
      stream.take();
      const node = parsePipe(stream);
      stream.expect(')');
      return node;
    }
    case '[': {
      stream.take();
      if (stream.skip(']')) return { kind: 'array', offset };
      const body = parsePipe(stream);
      stream.expect(']');
      return { kind: 'array', body, offset };
    }
    case '{':
      return parseObject(stream);
    case '-':
      stream.take();
      return { kind: 'negate', operand: stream.nest(() => parsePostfix(stream)), offset };
    default:
      return stream.unexpected('an expression');
  }
}

function parseCall(stream: TokenStream): Node {
  const { text: name, start: offset } = stream.take();
  if (name === 'break' && stream.current.kind === 'variable') {
    return { kind: 'break', name: stream.take().text, offset };
  }
  const args: Node[] = [];
  if (stream.skip('(')) {
    do args.push(parsePipe(stream));
    while (stream.skip(';'));
    stream.expect(')');
  }
  return { kind: 'call', name, args, offset };
}

function parseKeyword(stream: TokenStream): Node {
  const { text, start: offset } = stream.take();
  switch (text) {
    case 'if':
      return parseIf(stream, offset);
    case 'try': {
      const body = stream.nest(() => parsePostfix(stream));
      if (!stream.skip('catch')) return { kind: 'try', body, offset };
      return { kind: 'try', body, handler: stream.nest(() => parsePostfix(stream)), offset };
    }
    case 'reduce':
    case 'foreach':
      return parseFold(stream, text, offset);
    default:
      return stream.fail(`Unexpected '${text}', expected an expression`, offset);
  }
}

function parseIf(stream: TokenStream, offset: number): Node {
  const branches: Branch[] = [];
  do {
    const condition = parsePipe(stream);
    stream.expect('then');
    branches.push({ condition, then: parsePipe(stream) });
  } while (stream.skip('elif'));
  const otherwise = stream.skip('else') ? parsePipe(stream) : undefined;
  stream.expect('end');
  return { kind: 'if', branches, otherwise, offset };
}

function parseFold(stream: TokenStream, kind: 'reduce' | 'foreach', offset: number): Node {
  const source = stream.nest(() => parseOperators(stream));
  stream.expect('as');
  const patterns = parsePatterns(stream);
  stream.expect('(');
  const init = parsePipe(stream);
  stream.expect(';');
  const update = parsePipe(stream);
  const extract = kind === 'foreach' && stream.skip(';') ? parsePipe(stream) : undefined;
  stream.expect(')');
  return kind === 'reduce'
    ? { kind, source, patterns, init, update, offset }
    : { kind, source, patterns, init, update, extract, offset };
}

/** A string with its interpolations; `format` is the `@name` before it. */
export function parseString(stream: TokenStream, format?: string): Node {
  const { parts = [], start: offset } = stream.take();
  const [only = ''] = parts;
  if (parts.length <= 1 && typeof only === 'string') return { kind: 'literal', value: only, offset };
  return { kind: 'string', format, parts: parts.map((part) => parseStringPart(stream, part)), offset };
}

function parseStringPart(stream: TokenStream, part: StringPart): string | Node {
  if (typeof part === 'string') return part;
  const inner = new TokenStream(stream.source, part, stream.nesting + 1);
  const node = parsePipe(inner);
  if (inner.current.kind !== 'end') inner.unexpected("')'");
  return node;
}

/** `$__loc__`: where in the expression it stands. */
function location(stream: TokenStream, offset: number): Node {
  return { kind: 'literal', value: { file: '<top-level>', line: stream.lineAt(offset) }, offset };
}
