import { hasOwn, isArray, isNaN, keysOf, min } from './intrinsics.ts';
import type { Json, JsonObject } from '../json.ts';
import { Raised } from './errors.ts';
import { toJson } from './json-text.ts';
import type { Run } from './runtime.ts';

export type TypeName = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

/** jq's name of a value's type. */
export function typeName(value: Json): TypeName {
  if (value === null) return 'null';
  if (isArray(value)) return 'array';
  const kind = typeof value;
  return kind === 'boolean' || kind === 'number' || kind === 'string' ? kind : 'object';
}

export { isArray };

/** True for objects: neither arrays nor null. */
export function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !isArray(value);
}

/** What conditions count as true: everything but false and null. */
export function isTruthy(value: Json): boolean {
  return value !== false && value !== null;
}

// Names that every JavaScript object inherits: only for these does a plain read not tell own members.
const inherited: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Whether a plain read of this key of a plain object can find something that is not its own. */
export function isInherited(key: string): boolean {
  return inherited.has(key);
}

/** A member, or null. Inherited properties do not count. */
export function member(object: JsonObject, key: string): Json {
  return (hasOwn(object, key) ? object[key] : null) ?? null;
}

/** Adds a member to an object that is being built. `__proto__` too becomes an own property. */
export function withMember(target: Record<string, Json>, key: string, value: Json): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else target[key] = value;
}

/** Orders by Unicode code point: UTF-16 units alone put U+E000 to U+FFFF after what lies above them. */
function compareText(left: string, right: string, run: Run): number {
  run.tick((left.length + right.length) >> 6);
  if (left === right) return 0;
  const length = min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a === b) continue;
    const aboveBmp = isSurrogate(a) !== isSurrogate(b);
    return aboveBmp ? (isSurrogate(a) ? 1 : -1) : a - b;
  }
  return left.length - right.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

/** The keys of an object by code point. */
export function sortedKeys(object: JsonObject, run: Run): string[] {
  const keys = keysOf(object);
  run.tick(2 * keys.length);
  return keys.sort((left, right) => compareText(left, right, run));
}

function rank(value: Json): number {
  if (value === null) return 0;
  if (value === false) return 1;
  if (value === true) return 2;
  if (typeof value === 'number') return 3;
  if (typeof value === 'string') return 4;
  return isArray(value) ? 5 : 6;
}

/** jq's total order of all values. NaN is below every number, itself included. */
export function compare(left: Json, right: Json, run: Run): number {
  if (typeof left === 'number' && typeof right === 'number') {
    return left < right || isNaN(left) ? -1 : left === right ? 0 : 1;
  }
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right, run);
  const ranks = rank(left) - rank(right);
  if (ranks !== 0) return ranks;
  if (left === null || typeof left !== 'object' || right === null || typeof right !== 'object') return 0;
  run.tick();
  run.enter(2);
  const order =
    isArray(left) && isArray(right)
      ? compareArrays(left, right, run)
      : compareObjects(left as JsonObject, right as JsonObject, run);
  run.leave(2);
  return order;
}

function compareArrays(left: readonly Json[], right: readonly Json[], run: Run): number {
  const length = min(left.length, right.length);
  run.tick(length);
  for (let index = 0; index < length; index++) {
    const order = compare(left[index] ?? null, right[index] ?? null, run);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareObjects(left: JsonObject, right: JsonObject, run: Run): number {
  const leftKeys = sortedKeys(left, run);
  const rightKeys = sortedKeys(right, run);
  const order = compareArrays(leftKeys, rightKeys, run);
  if (order !== 0) return order;
  for (const key of leftKeys) {
    const members = compare(left[key] ?? null, right[key] ?? null, run);
    if (members !== 0) return members;
  }
  return 0;
}

/** Equality as `==` has it: NaN equals nothing. */
export function equals(left: Json, right: Json, run: Run): boolean {
  if (typeof left !== 'object' || left === null || typeof right !== 'object' || right === null) {
    if (typeof left === 'string') run.tick(left.length >> 6);
    return left === right;
  }
  return compare(left, right, run) === 0;
}

// jq cuts the values that it shows in messages to this many bytes.
const shownBytes = 29;

/** `number (1)`: a value as error messages show it. */
export function describe(value: Json, run: Run): string {
  return `${typeName(value)} (${cut(toJson(value, run, 2 * shownBytes), value)})`;
}

/** A value's JSON as error messages show it, cut short. */
export function shown(value: Json, run: Run): string {
  return cut(toJson(value, run, 2 * shownBytes), value);
}

function cut(text: string, value: Json): string {
  if (utf8Length(text) <= shownBytes) return text;
  const close = typeof value === 'string' ? '"' : isArray(value) ? ']' : isObject(value) ? '}' : '';
  let kept = '';
  let left = shownBytes - 3 - close.length;
  for (const character of text) {
    left -= utf8Length(character);
    if (left < 0) break;
    kept += character;
  }
  return `${kept}...${close}`;
}

/** Bytes of the text in UTF-8. */
export function utf8Length(text: string): number {
  let length = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    length += unit < 0x80 ? 1 : unit < 0x800 || isSurrogate(unit) ? 2 : 3;
  }
  return length;
}

/** Raises a jq error. */
export function raise(message: string): never {
  throw new Raised(message, message);
}
