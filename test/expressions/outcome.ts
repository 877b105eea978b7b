import type { Json } from '../../dsl/json.ts';

/** A program on an input, both as text. */
export interface Pair {
  readonly program: string;
  readonly input: string;
}

/** What came of a pair. */
export interface Outcome {
  readonly outputs: readonly Json[];
  /** Of one that ended in an error: what the error said, or a word for why it did not run at all. */
  readonly error: string | undefined;
}

/** Functions of which C's library and JavaScript's need not give the same last digits. */
export const inexact =
  /\b(?:a?(?:cos|sin|tan)h?|atan2|cbrt|erfc?|exp|exp2|exp10|expm1|l?gamma|tgamma|lgamma_r|hypot|[jy][01n]|log|log10|log1p|log2|pow)\b/;
const tolerance = 1e-9;

/** Whether two outcomes are the same for a user: the outputs in their order, and whether an error ended them. */
export function agree(pair: Pair, left: Outcome, right: Outcome): boolean {
  if ((left.error === undefined) !== (right.error === undefined)) return false;
  if (left.outputs.length !== right.outputs.length) return false;
  const isInexact = inexact.test(pair.program);
  return left.outputs.every((output, index) => same(output, right.outputs[index], isInexact));
}

/** Equality of values with the order of members. JSON has no sign of zero as others read it, and numbers that are not exact may be a bit off. */
function same(left: Json | undefined, right: Json | undefined, isInexact: boolean): boolean {
  if (typeof left === 'number' && typeof right === 'number') {
    if (left === right) return true;
    return isInexact && Math.abs(left - right) <= tolerance * Math.max(1, Math.abs(left), Math.abs(right));
  }
  if (typeof left !== 'object' || left === null || typeof right !== 'object' || right === null) {
    if (isInexact && typeof left === 'string' && typeof right === 'string') return sameText(left, right);
    return left === right;
  }
  const leftEntries = Object.entries(left);
  const rightEntries = Object.entries(right);
  return (
    Array.isArray(left) === Array.isArray(right) &&
    leftEntries.length === rightEntries.length &&
    leftEntries.every(([key, value], index) => {
      const [otherKey, other] = rightEntries[index] ?? [];
      return key === otherKey && same(value, other, isInexact);
    })
  );
}

/** Texts that differ in nothing but the last digits of numbers. */
function sameText(left: string, right: string): boolean {
  const number = /-?\d+(?:\.\d+)?(?:e[-+]?\d+)?/gi;
  if (left.replace(number, '0') !== right.replace(number, '0')) return false;
  const numbers = right.match(number) ?? [];
  return (left.match(number) ?? []).every((text, index) => same(Number(text), Number(numbers[index]), true));
}

/** For a report: the outputs as JSON texts and how it ended. */
export function show(outcome: Outcome | undefined): string {
  if (outcome === undefined) return '(beyond the limits)';
  const { outputs, error } = outcome;
  const texts = outputs.map((output) => (Object.is(output, -0) ? '-0' : JSON.stringify(output)));
  if (error !== undefined) texts.push(`✗ ${error}`);
  return texts.join(' ') || '(nothing)';
}
