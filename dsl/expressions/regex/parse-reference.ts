import { fail, unsupported } from './errors.ts';
import type { PatternReader } from './pattern-reader.ts';
import type { Node } from './syntax-tree.ts';

type Reference = Extract<Node, { kind: 'reference' }>;

/** What stands behind `\k`, `\1` or a condition: a number, a distance to count back, or a name. */
interface Target {
  readonly sign: string;
  readonly number: number;
  readonly name: string;
}

/** `<name>`, `'name'`, or with `(` everything up to the closing parenthesis. */
function parseTarget(reader: PatternReader, open: string): Target {
  const close = open === '<' ? '>' : open === '(' ? ')' : open;
  const name = reader.match(/[^>')]*/y)?.[0] ?? '';
  if (name === '' && (reader.isAtEnd || reader.peek === close)) fail('group name is empty');
  if (!reader.take(close)) fail(`invalid group name <${name}>`);
  const number = /^([-+]?)(\d+)$/.exec(name);
  if (number !== null) return { sign: number[1] ?? '', number: Number(number[2]), name };
  if (!/^[\p{Alphabetic}\p{M}\p{Pc}]/u.test(name)) fail(`invalid group name <${name}>`);
  return { sign: '', number: Number.NaN, name };
}

/** The number of a group that is given by number, counted from here where it has a sign. */
function absolute(reader: PatternReader, target: Target): number {
  const here = reader.groupNames.length;
  if (target.sign === '-') return here + 1 - target.number;
  return target.sign === '+' ? here + target.number : target.number;
}

function openingOf(reader: PatternReader): string | undefined {
  return reader.take('<') ? '<' : reader.take("'") ? "'" : undefined;
}

/** A reference to a group behind `\k` or, for digits, `\`; undefined if it is not one. */
export function parseReference(reader: PatternReader): Node | undefined {
  const digits = reader.match(/[1-9]\d*/y)?.[0];
  if (digits !== undefined) {
    const number = Number(digits);
    if (number > Math.max(9, reader.groupNames.length)) return undefined;
    return referenceTo(reader, [number], false);
  }
  const open = openingOf(reader);
  return open === undefined ? undefined : resolve(reader, parseTarget(reader, open), false);
}

/** The group that a condition asks for, behind `(?(`; undefined if it is a pattern of its own. */
export function parseGroupCondition(reader: PatternReader): Node | undefined {
  const open = openingOf(reader);
  if (open !== undefined) {
    const node = resolve(reader, parseTarget(reader, open), true);
    if (!reader.take(')')) fail('end pattern in group');
    return node;
  }
  const isNumber = /[-+]?\d+\)/y;
  isNumber.lastIndex = reader.position;
  return isNumber.test(reader.text) ? resolve(reader, parseTarget(reader, '('), true) : undefined;
}

function resolve(reader: PatternReader, target: Target, isCondition: boolean): Node {
  if (Number.isNaN(target.number)) {
    if (/[-+]\d+$/.test(target.name) && reader.groupsNamed(target.name).length === 0) {
      unsupported('references with a level of recursion are');
    }
    const groups = reader.groupsNamed(target.name).reverse();
    if (groups.length === 0) fail(`undefined name <${target.name}> reference`);
    return referenceTo(reader, groups, isCondition);
  }
  const number = absolute(reader, target);
  if (number <= 0) fail('invalid backref number/name');
  return referenceTo(reader, [number], isCondition);
}

function referenceTo(reader: PatternReader, groups: readonly number[], isCondition: boolean): Reference {
  reader.checks.unshift(() => {
    if (groups.some((group) => group > reader.groupNames.length)) fail('invalid backref number/name');
  });
  return { kind: 'reference', groups, ignoreCase: reader.options.ignoreCase, isCondition };
}

/** A call of a group behind `\g`; undefined if it is not one. */
export function parseCall(reader: PatternReader): Node | undefined {
  const open = openingOf(reader);
  return open === undefined ? undefined : callOf(reader, parseTarget(reader, open));
}

/** A call in Perl's way, `(?1)`, `(?-1)` or `(?&name)`; the reader is behind `(?`. Undefined if it is not one. */
export function parsePerlCall(reader: PatternReader): Node | undefined {
  const isNumber = /[-+]?\d/y;
  isNumber.lastIndex = reader.position;
  if (!reader.take('&') && !isNumber.test(reader.text)) return undefined;
  return callOf(reader, parseTarget(reader, '('));
}

function callOf(reader: PatternReader, target: Target): Node {
  if (!Number.isNaN(target.number)) {
    const group = absolute(reader, target);
    reader.checks.push(() => {
      if (group < 0 || group > reader.groupNames.length) fail(`undefined group <${target.name}> reference`);
    });
    return { kind: 'call', group };
  }
  // The group may follow, so that the number is known at the end only.
  const node = { kind: 'call' as const, group: 0 };
  reader.checks.push(() => {
    const [group, ...others] = reader.groupsNamed(target.name);
    if (group === undefined) fail(`undefined name <${target.name}> reference`);
    if (others.length > 0) fail(`multiplex definition name <${target.name}> call`);
    node.group = group;
  });
  return node;
}
