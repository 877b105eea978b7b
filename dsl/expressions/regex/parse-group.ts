import { fail, unsupported } from './errors.ts';
import { parseGroupCondition, parsePerlCall } from './parse-reference.ts';
import type { Options, PatternReader } from './pattern-reader.ts';
import { emptyNode } from './syntax-tree.ts';
import type { Node } from './syntax-tree.ts';

/** Parses what stands inside of a group, up to its closing parenthesis. */
type ParseInside = (reader: PatternReader) => Node;

/** Everything that begins with a parenthesis; undefined where only options were set. */
export function parseGroup(reader: PatternReader, parseInside: ParseInside): Node | undefined {
  reader.next('');
  if (reader.peek === '*') unsupported('callouts are');
  if (!reader.take('?')) return parseCapture(reader, null, parseInside);
  const call = parsePerlCall(reader);
  if (call !== undefined) return call;
  const mark = reader.next('end pattern in group');
  switch (mark) {
    case ':':
      return parseBody(reader, parseInside);
    case '=':
    case '!':
      return {
        kind: 'look',
        isBehind: false,
        isNegative: mark === '!',
        body: parseBody(reader, parseInside),
      };
    case '>':
      return { kind: 'atomic', body: parseBody(reader, parseInside) };
    case "'":
      return parseCapture(reader, parseName(reader, "'"), parseInside);
    case '<': {
      if (reader.isAtEnd) fail('end pattern with unmatched parenthesis');
      const isLook = reader.take('=') || reader.take('!');
      if (!isLook) return parseCapture(reader, parseName(reader, '>'), parseInside);
      const isNegative = reader.text[reader.position - 1] === '!';
      return { kind: 'look', isBehind: true, isNegative, body: parseBody(reader, parseInside) };
    }
    case '(':
      return parseCondition(reader, parseInside);
    case '~':
      return unsupported('absent operators are');
    case '{':
      return unsupported('callouts are');
    // Oniguruma takes no body for it and then stumbles over its closing parenthesis.
    case 'R':
      return fail('unmatched close parenthesis');
    default:
      return parseOptions(reader, mark, parseInside);
  }
}

/** What is left of a group, and its closing parenthesis. */
function parseBody(reader: PatternReader, parseInside: ParseInside): Node {
  const body = parseInside(reader);
  if (!reader.take(')')) fail('end pattern with unmatched parenthesis');
  return body;
}

function parseCapture(reader: PatternReader, name: string | null, parseInside: ParseInside): Node {
  const number = reader.groupNames.push(name);
  return { kind: 'group', number, body: parseBody(reader, parseInside) };
}

function parseName(reader: PatternReader, close: string): string {
  const name = reader.match(close === '>' ? /[^>)]*/y : /[^')]*/y)?.[0] ?? '';
  if (name === '') fail('group name is empty');
  const isName = /^[\p{Alphabetic}\p{M}\p{Pc}]/u.test(name);
  if (!reader.take(close) || !isName) fail(`invalid group name <${name}>`);
  return name;
}

function parseCondition(reader: PatternReader, parseInside: ParseInside): Node {
  let condition = parseGroupCondition(reader);
  const asksForGroup = condition !== undefined;
  condition ??= parseBody(reader, parseInside);
  if (reader.isAtEnd) fail('end pattern in group');
  if (reader.take(')')) return asksForGroup ? condition : fail('invalid if-else syntax');
  if (reader.take('|'))
    return { kind: 'condition', condition, then: emptyNode, otherwise: parseBody(reader, parseInside) };
  const body = parseBody(reader, parseInside);
  if (body.kind !== 'alternatives') return { kind: 'condition', condition, then: body, otherwise: emptyNode };
  const [then = emptyNode, ...others] = body.nodes;
  const otherwise: Node = { kind: 'alternatives', nodes: others };
  return { kind: 'condition', condition, then, otherwise };
}

const optionLetters: ReadonlyMap<string, keyof Options> = new Map([
  ['i', 'ignoreCase'],
  ['x', 'extended'],
  ['s', 'dotAll'],
  ['m', 'multiLine'],
]);

/** `(?i-mx:…)` or `(?i)`, of which the latter holds up to the end of the group around it. */
function parseOptions(reader: PatternReader, firstMark: string, parseInside: ParseInside): Node | undefined {
  const { options } = reader;
  const changed = { ...options };
  let isOn = true;
  for (let mark = firstMark; ; mark = reader.next('end pattern in group')) {
    const option = optionLetters.get(mark);
    if (option !== undefined) changed[option] = isOn;
    else if (mark === '-') isOn = false;
    else if (mark === ':' || mark === ')') {
      reader.options = changed;
      if (mark === ')') return undefined;
      const body = parseBody(reader, parseInside);
      reader.options = options;
      return { kind: 'options', body };
    } else fail('undefined group option');
  }
}
