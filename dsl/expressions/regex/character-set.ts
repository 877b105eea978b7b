/**
 * A set of characters. Membership is asked of JavaScript's own engine, one character at a time, so nothing backtracks
 * and Unicode's tables need not travel along. Answers for the first two thousand code points are remembered.
 */
export interface CharacterSet {
  /** A bracketed class in the syntax of JavaScript's flag `v`. */
  readonly source: string;
  readonly ignoreCase: boolean;
  /** Made when it is first asked. */
  expression: RegExp | undefined;
  /** By code point: 0 not asked yet, 1 outside, 2 inside. */
  known: Uint8Array;
  /** The answer for every code point beyond `known`, where there is a single one. */
  readonly beyond: boolean | undefined;
}

const knownPoints = 0x800;
const nothingKnown = new Uint8Array(0);

export function makeSet(source: string, ignoreCase = false, beyond?: boolean): CharacterSet {
  return { source, ignoreCase, expression: undefined, known: nothingKnown, beyond };
}

export function contains(set: CharacterSet, point: number): boolean {
  const known = set.known[point];
  return known === 2 || (known !== 1 && ask(set, point));
}

function ask(set: CharacterSet, point: number): boolean {
  if (point >= knownPoints && set.beyond !== undefined) return set.beyond;
  if (set.expression === undefined) {
    set.expression = new RegExp(`^${set.source}$`, set.ignoreCase ? 'iv' : 'v');
    set.known = new Uint8Array(knownPoints);
  }
  const isInside = set.expression.test(String.fromCodePoint(point));
  if (point < knownPoints) set.known[point] = isInside ? 2 : 1;
  return isInside;
}

/** The class source of a range of code points. */
export function rangeSource(from: number, to = from): string {
  const start = pointSource(from);
  return from === to ? start : `${start}-${pointSource(to)}`;
}

function pointSource(point: number): string {
  return `\\u{${point.toString(16)}}`;
}

/** The set of a class's parts. Ranges say how far they reach; `Infinity` stands for a part without ranges. */
export function setOfParts(
  parts: readonly { readonly source: string; readonly last: number }[],
  isNegated: boolean,
  ignoreCase: boolean,
): CharacterSet {
  const source = `[${isNegated ? '^' : ''}${parts.map((part) => part.source).join('')}]`;
  // Folding case may lead from any range to any other.
  const isLow = !ignoreCase && parts.every((part) => part.last < knownPoints);
  return makeSet(source, ignoreCase, isLow ? isNegated : undefined);
}

/** All that is in one of them, or undefined when some ignore case and some do not. */
export function unionOf(sets: readonly CharacterSet[]): CharacterSet | undefined {
  const [first] = sets;
  if (first === undefined || sets.length === 1) return first;
  if (sets.some((set) => set.ignoreCase !== first.ignoreCase)) return undefined;
  const beyond = sets.every((set) => set.beyond === false) ? false : undefined;
  return makeSet(`[${sets.map((set) => set.source).join('')}]`, first.ignoreCase, beyond);
}

export const anyCharacter = makeSet('[\\s\\S]', false, true);
export const notNewline = makeSet('[^\\n]', false, true);
