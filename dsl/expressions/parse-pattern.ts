import type { Pattern, PatternEntry } from './ast.ts';
import { parsePipe } from './parser.ts';
import { parseString } from './parse-term.ts';
import type { TokenStream } from './token-stream.ts';

/** What follows `as`: one pattern, or alternatives between `?//`. */
export function parsePatterns(stream: TokenStream): readonly Pattern[] {
  const patterns = [parsePattern(stream)];
  while (stream.skip('?//')) patterns.push(parsePattern(stream));
  return patterns;
}

function parsePattern(stream: TokenStream): Pattern {
  return stream.nest(() => {
    if (stream.current.kind === 'variable') return { kind: 'variable', name: stream.take().text };
    if (stream.skip('[')) {
      const items = separated(stream, ']', () => parsePattern(stream));
      return { kind: 'array', items };
    }
    if (stream.skip('{')) {
      const entries = separated(stream, '}', () => parseEntry(stream));
      return { kind: 'object', entries };
    }
    return stream.unexpected('a pattern: $name, [ or {');
  });
}

function separated<Item>(stream: TokenStream, close: string, parse: () => Item): readonly Item[] {
  const items: Item[] = [];
  do items.push(parse());
  while (stream.skip(','));
  stream.expect(close);
  return items;
}

function parseEntry(stream: TokenStream): PatternEntry {
  const { kind, text, start: offset } = stream.current;
  if (kind === 'variable') {
    stream.take();
    const key = { kind: 'literal', value: text, offset } as const;
    return stream.skip(':')
      ? { key, variable: text, pattern: parsePattern(stream) }
      : { key, variable: text };
  }
  if (kind === 'identifier' || kind === 'keyword') {
    stream.take();
    stream.expect(':');
    return { key: { kind: 'literal', value: text, offset }, pattern: parsePattern(stream) };
  }
  if (kind === 'string') {
    const key = parseString(stream);
    stream.expect(':');
    return { key, pattern: parsePattern(stream) };
  }
  stream.expect('(');
  const key = parsePipe(stream);
  stream.expect(')');
  stream.expect(':');
  return { key, pattern: parsePattern(stream) };
}
