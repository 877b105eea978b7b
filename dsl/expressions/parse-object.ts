import type { Node, ObjectEntry } from './ast.ts';
import { parseString } from './parse-term.ts';
import { parseOperators, parsePipe } from './parser.ts';
import type { TokenStream } from './token-stream.ts';

/** An object construction, from its `{` on. */
export function parseObject(stream: TokenStream): Node {
  const { start: offset } = stream.expect('{');
  const entries: ObjectEntry[] = [];
  // jq takes no comma after the last entry; definitions written as YAML often have one, and it harms nobody.
  while (!stream.is('}')) {
    entries.push(stream.nest(() => parseEntry(stream)));
    if (!stream.skip(',')) break;
  }
  stream.expect('}');
  return { kind: 'object', entries, offset };
}

function parseEntry(stream: TokenStream): ObjectEntry {
  const { kind, text, start: offset } = stream.current;
  switch (kind) {
    case 'variable':
      stream.take();
      return variableEntry(stream, text, offset);
    case 'identifier':
    case 'keyword': {
      stream.take();
      const key: Node = { kind: 'literal', value: text, offset };
      if (stream.skip(':')) return { key, value: parseValue(stream) };
      return { key, value: member(key) };
    }
    case 'string':
    case 'format': {
      if (kind === 'format') stream.take();
      if (stream.current.kind !== 'string') stream.unexpected('a string after the format');
      const key = parseString(stream, kind === 'format' ? text : undefined);
      return stream.skip(':') ? { key, value: parseValue(stream) } : { key, value: member(key) };
    }
    default: {
      if (!stream.is('(')) stream.unexpected('an object key; other keys need parentheses');
      stream.take();
      const key = parsePipe(stream);
      stream.expect(')');
      stream.expect(':');
      return { key, value: parseValue(stream) };
    }
  }
}

function variableEntry(stream: TokenStream, name: string, offset: number): ObjectEntry {
  const value: Node =
    name === '__loc__'
      ? {
          kind: 'literal',
          value: { file: '<top-level>', line: stream.lineAt(offset) },
          offset,
        }
      : { kind: 'variable', name, offset };
  if (name !== '__loc__' && stream.skip(':')) return { key: value, value: parseValue(stream) };
  return { key: { kind: 'literal', value: name, offset }, value };
}

function member(key: Node): Node {
  return { kind: 'index', target: { kind: 'identity', offset: key.offset }, key, offset: key.offset };
}

/** A value ends at a comma, but may be a pipe: `{a: 1 | 2, b: 3}`. */
function parseValue(stream: TokenStream): Node {
  const offset = stream.current.start;
  const stages = [parseOperators(stream)];
  while (stream.skip('|')) stages.push(parseOperators(stream));
  const [only] = stages;
  return stages.length === 1 && only !== undefined ? only : { kind: 'pipe', stages, offset };
}
