import { hasOwn, isNaN } from './intrinsics.ts';
import type { Json } from '../json.ts';
import { indicesOf } from './search.ts';
import type { Run } from './runtime.ts';
import { describe, isArray, isObject, member, raise } from './values.ts';

/** `value[key]`, with slices as `{"start": …, "end": …}`. */
export function index(value: Json, key: Json, run: Run): Json {
  if (typeof key === 'string') {
    if (isObject(value)) {
      run.tickKey(key);
      return member(value, key);
    }
    if (value === null) return null;
  } else if (typeof key === 'number') {
    if (isArray(value)) return item(value, key);
    if (value === null) return null;
  } else if (isArray(key) && isArray(value)) return indicesOf(value, key, run);
  else if (isObject(key) && (isArray(value) || typeof value === 'string' || value === null)) {
    return slice(
      value,
      member(key, 'start'),
      member(key, 'end'),
      run,
      hasOwn(key, 'start') && hasOwn(key, 'end'),
    );
  }
  return raise(`Cannot index ${indexedName(value)} with ${describe(key, run)}`);
}

function indexedName(value: Json): string {
  if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value;
  return isArray(value) ? 'array' : 'object';
}

function item(array: readonly Json[], position: number): Json {
  const whole = Math.trunc(position);
  return array[whole < 0 ? whole + array.length : whole] ?? null;
}

/** `value[from:to]`; positions in texts count code points. */
export function slice(value: Json, from: Json, to: Json, run: Run, complete = true): Json {
  if (value === null) return null;
  if (!isArray(value) && typeof value !== 'string') {
    return raise(`Cannot index ${indexedName(value)} with ${describe({ start: from, end: to }, run)}`);
  }
  if (!complete) sliceError();
  if (isArray(value)) {
    const [start, end] = sliceBounds(from, to, value.length);
    run.tickCopy(end - start);
    return value.slice(start, end);
  }
  run.tick(1 + (value.length >> 5));
  // Only texts with surrogate pairs have positions that differ from JavaScript's.
  if (isBmp(value)) return value.slice(...sliceBounds(from, to, value.length));
  run.tick(value.length);
  const characters = Array.from(value);
  return characters.slice(...sliceBounds(from, to, characters.length)).join('');
}

/** Start and end within 0 … length, start not after end. */
export function sliceBounds(from: Json, to: Json, length: number): [start: number, end: number] {
  if ((from !== null && typeof from !== 'number') || (to !== null && typeof to !== 'number')) sliceError();
  const start = clamp(from ?? 0, length, Math.floor);
  const end = clamp(to ?? length, length, Math.ceil);
  return [start, Math.max(start, end)];
}

function clamp(position: number, length: number, round: (value: number) => number): number {
  if (isNaN(position)) return round === Math.floor ? 0 : length;
  const fromStart = position < 0 ? position + length : position;
  return Math.min(Math.max(round(fromStart), 0), length);
}

export function sliceError(): never {
  raise('Array/string slice indices must be integers');
}

/** True if no character of the text takes two UTF-16 units. */
function isBmp(text: string): boolean {
  return !/[\ud800-\udfff]/.test(text);
}

/** The value at a path; what is missing is null all the way down. */
export function getPath(value: Json, path: readonly Json[], run: Run): Json {
  let current = value;
  for (const key of path) {
    run.tick();
    current = index(current, key, run);
  }
  return current;
}
