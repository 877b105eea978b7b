import { floor, isNaN, keysOf } from './intrinsics.ts';
import type { Json, JsonObject } from '../json.ts';
import type { BinaryOperator } from './ast.ts';
import type { Run } from './runtime.ts';
import { splitAt } from './search.ts';
import { compare, describe, equals, isArray, isObject, member, raise, withMember } from './values.ts';

/** A binary operator on two values. */
export type Operation = (left: Json, right: Json, run: Run) => Json;

/** Numbers add, texts and arrays join, objects merge, and null changes nothing. */
export function add(left: Json, right: Json, run: Run): Json {
  if (typeof left === 'number' && typeof right === 'number') return left + right;
  if (left === null) return right;
  if (right === null) return left;
  if (typeof left === 'string' && typeof right === 'string') {
    // Joined texts are copied when somebody looks into them: who looks counts that.
    run.checkText(left.length + right.length);
    return left + right;
  }
  if (isArray(left) && isArray(right)) {
    run.tickCopy(left.length + right.length);
    return left.length === 0 ? right : right.length === 0 ? left : left.concat(right);
  }
  if (isObject(left) && isObject(right)) return mergeShallow(left, right, run);
  return fail(left, right, 'added', run);
}

function mergeShallow(left: JsonObject, right: JsonObject, run: Run): JsonObject {
  const merged: Record<string, Json> = copyObject(left, run);
  const keys = keysOf(right);
  run.tick(1 + keys.length);
  for (const key of keys) withMember(merged, key, right[key] ?? null);
  return merged;
}

/** A copy to be changed. */
export function copyObject(object: JsonObject, run: Run): Record<string, Json> {
  run.tick(membersCost(keysOf(object).length));
  return { ...object };
}

/** Steps to copy that many members: V8 keeps those of large objects in a slower form. */
function membersCost(count: number): number {
  return 1 + (count > 128 ? 3 * count : count >> 2);
}

/** `left - right`: numbers, or an array without the items of another. */
export function subtract(left: Json, right: Json, run: Run): Json {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (isArray(left) && isArray(right)) {
    const kept: Json[] = [];
    for (const item of left) {
      run.tick(1 + right.length);
      if (!right.some((removed) => equals(item, removed, run))) kept.push(item);
    }
    return kept;
  }
  return fail(left, right, 'subtracted', run);
}

function multiply(left: Json, right: Json, run: Run): Json {
  if (typeof left === 'number' && typeof right === 'number') return left * right;
  if (typeof left === 'string' && typeof right === 'number') return repeat(left, right, run);
  if (typeof left === 'number' && typeof right === 'string') return repeat(right, left, run);
  if (isObject(left) && isObject(right)) return mergeDeep(left, right, run);
  return fail(left, right, 'multiplied', run);
}

function repeat(text: string, times: number, run: Run): Json {
  if (!(times >= 0)) return null;
  const count = floor(times);
  if (text === '' || count === 0) return '';
  run.checkText(text.length * count);
  run.tickText(text.length * count);
  return text.repeat(count);
}

function mergeDeep(left: JsonObject, right: JsonObject, run: Run): JsonObject {
  run.enter(2);
  const merged = copyObject(left, run);
  const keys = keysOf(right);
  run.tick(1 + keys.length);
  for (const key of keys) {
    const mine = member(left, key);
    const theirs = right[key] ?? null;
    withMember(merged, key, isObject(mine) && isObject(theirs) ? mergeDeep(mine, theirs, run) : theirs);
  }
  run.leave(2);
  return merged;
}

function divide(left: Json, right: Json, run: Run): Json {
  if (typeof left === 'number' && typeof right === 'number') {
    if (right === 0) fail(left, right, 'divided because the divisor is zero', run);
    return left / right;
  }
  if (typeof left === 'string' && typeof right === 'string') return splitText(left, right, run);
  return fail(left, right, 'divided', run);
}

/** The parts between a separator; an empty one splits into characters. */
export function splitText(text: string, separator: string, run: Run): Json {
  run.tick(1 + text.length);
  if (text === '') return [];
  return separator === '' ? Array.from(text) : splitAt(text, separator, run);
}

/** Both sides lose their fractions first; the sign is the left one's. */
function remainder(left: Json, right: Json, run: Run): Json {
  if (typeof left !== 'number' || typeof right !== 'number') {
    return fail(left, right, 'divided (remainder)', run);
  }
  if (isNaN(left) || isNaN(right)) return Number.NaN;
  const divisor = integer(right);
  if (divisor === 0n) return fail(left, right, 'divided (remainder) because the divisor is zero', run);
  return Number(integer(left) % (divisor < 0n ? -divisor : divisor));
}

/** As C casts to a 64-bit integer, with what does not fit at its bounds. */
function integer(value: number): bigint {
  if (value >= 2 ** 63) return 2n ** 63n - 1n;
  return value <= -(2 ** 63) ? -(2n ** 63n) : BigInt(Math.trunc(value));
}

function fail(left: Json, right: Json, done: string, run: Run): never {
  return raise(`${describe(left, run)} and ${describe(right, run)} cannot be ${done}`);
}

/** The operators that take one value from each side. */
export const operations = {
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': divide,
  '%': remainder,
  '==': equals,
  '!=': (left, right, run) => !equals(left, right, run),
  '<': (left, right, run) => compare(left, right, run) < 0,
  '<=': (left, right, run) => compare(left, right, run) <= 0,
  '>': (left, right, run) => compare(left, right, run) > 0,
  '>=': (left, right, run) => compare(left, right, run) >= 0,
} satisfies Record<Exclude<BinaryOperator, 'and' | 'or' | '//'>, Operation>;
