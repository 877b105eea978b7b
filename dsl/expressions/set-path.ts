import { hasOwn, isNaN } from './intrinsics.ts';
import type { Json, JsonObject } from '../json.ts';
import { index, sliceBounds, sliceError } from './access.ts';
import { copyObject } from './arithmetic.ts';
import type { Run } from './runtime.ts';
import { compare, describe, isArray, isObject, member, raise, typeName, withMember } from './values.ts';

/**
 * Containers that a series of changes has copied already: nobody else holds them, so that the next change may write
 * into them. Without it `.[] |= f` would copy the whole array for each element.
 */
export type Owned = Set<Json>;

/** The value with what stands at the path replaced; missing containers are made. */
export function setPath(root: Json, path: readonly Json[], value: Json, run: Run, owned: Owned): Json {
  return setFrom(root, path, 0, value, run, owned);
}

function setFrom(
  container: Json,
  path: readonly Json[],
  at: number,
  value: Json,
  run: Run,
  owned: Owned,
): Json {
  if (at === path.length) return value;
  run.enter(3);
  run.tick();
  const key = path[at] ?? null;
  const result = isObject(key)
    ? setSlice(container, key, path, at, value, run, owned)
    : setKey(container, key, path, at, value, run, owned);
  run.leave(3);
  return result;
}

function setKey(
  container: Json,
  key: Json,
  path: readonly Json[],
  at: number,
  value: Json,
  run: Run,
  owned: Owned,
): Json {
  if (typeof key === 'string' && (container === null || isObject(container))) {
    run.tickKey(key);
    const inner = container === null ? null : member(container, key);
    const next = setFrom(inner, path, at + 1, value, run, owned);
    const target = ownObject(container, run, owned);
    withMember(target, key, next);
    return target;
  }
  if (typeof key === 'number' && (container === null || isArray(container))) {
    const length = container?.length ?? 0;
    const position = itemPosition(key, length, run);
    const next = setFrom(container?.[position] ?? null, path, at + 1, value, run, owned);
    const target = ownArray(container ?? [], run, owned);
    if (position > length) {
      run.tick(position - length);
      while (target.length < position) target.push(null);
    }
    target[position] = next;
    return target;
  }
  if (isArray(key) && isArray(container)) return raise('Cannot update field at array index of array');
  return raise(`Cannot index ${typeName(container)} with ${describe(key, run)}`);
}

// jq refuses greater ones, and so does an array of JSON within any sensible limit.
const maxIndex = 2 ** 29 - 1;

function itemPosition(key: number, length: number, run: Run): number {
  if (isNaN(key)) raise('Cannot set array element at NaN index');
  const whole = Math.trunc(key);
  const position = whole < 0 ? whole + length : whole;
  if (position < 0) raise('Out of bounds negative array index');
  if (position > maxIndex) raise('Array index too large');
  run.checkItems(position + 1);
  return position;
}

function setSlice(
  container: Json,
  key: JsonObject,
  path: readonly Json[],
  at: number,
  value: Json,
  run: Run,
  owned: Owned,
): Json {
  if (typeof container === 'string') return raise('Cannot update string slices');
  if (container !== null && !isArray(container)) {
    return raise(`Cannot index ${typeName(container)} with ${describe(key, run)}`);
  }
  if (!hasOwn(key, 'start') || !hasOwn(key, 'end')) sliceError();
  const array = container ?? [];
  const [start, end] = sliceBounds(member(key, 'start'), member(key, 'end'), array.length);
  run.tickCopy(end - start);
  const inner = container === null ? null : array.slice(start, end);
  const next = setFrom(inner, path, at + 1, value, run, owned);
  if (!isArray(next)) return raise('A slice of an array can only be assigned another array');
  run.tickCopy(array.length + next.length);
  const result = array.slice(0, start).concat(next, array.slice(end));
  owned.add(result);
  return result;
}

function ownObject(container: JsonObject | null, run: Run, owned: Owned): Record<string, Json> {
  if (container !== null && owned.has(container)) return container;
  const copy = container === null ? {} : copyObject(container, run);
  owned.add(copy);
  return copy;
}

function ownArray(container: readonly Json[], run: Run, owned: Owned): Json[] {
  if (owned.has(container)) return container as Json[];
  run.tickCopy(container.length);
  const copy = container.slice();
  owned.add(copy);
  return copy;
}

/** The value without what stands at the paths, all of which are meant of the value as it was. */
export function deletePaths(root: Json, paths: readonly Json[], run: Run): Json {
  run.tick(1 + paths.length);
  const checked = paths.map((path) =>
    isArray(path) ? path : raise(`Path must be specified as array, not ${typeName(path)}`),
  );
  if (checked.some((path) => path.length === 0)) return null;
  return deleteSorted(
    root,
    checked.toSorted((left, right) => compare(left, right, run)),
    0,
    run,
    new Set(),
  );
}

/** Deletes paths that agree up to `at`: first below its keys, then all keys that go at once, so that positions stay right. */
function deleteSorted(
  container: Json,
  paths: readonly (readonly Json[])[],
  at: number,
  run: Run,
  owned: Owned,
): Json {
  if (container === null) return null;
  run.enter(3);
  let result: Json = container;
  const leaving: Json[] = [];
  for (let begin = 0, end = 0; begin < paths.length; begin = end) {
    const key = paths[begin]?.[at] ?? null;
    end = begin + 1;
    while (end < paths.length && compare(paths[end]?.[at] ?? null, key, run) === 0) end++;
    run.tick(end - begin);
    // The shortest of a group sorts first; where it ends, everything under the key goes.
    if (paths[begin]?.length === at + 1) leaving.push(key);
    else {
      const inner = index(result, key, run);
      const rest = inner === null ? null : deleteSorted(inner, paths.slice(begin, end), at + 1, run, owned);
      if (inner !== null) result = setPath(result, [key], rest, run, owned);
    }
  }
  run.leave(3);
  return leaving.length === 0 ? result : deleteKeys(result, leaving, run);
}

function deleteKeys(container: Json, keys: readonly Json[], run: Run): Json {
  if (isArray(container)) return deleteItems(container, keys, run);
  if (!isObject(container)) return raise(`Cannot delete fields from ${typeName(container)}`);
  const copy = copyObject(container, run);
  for (const key of keys) {
    if (typeof key !== 'string') return raise(`Cannot delete ${typeName(key)} field of object`);
    delete copy[key];
  }
  return copy;
}

function deleteItems(array: readonly Json[], keys: readonly Json[], run: Run): Json {
  const leaving = new Set<number>();
  for (const key of keys) {
    if (typeof key === 'number') {
      const whole = Math.trunc(key);
      leaving.add(key < 0 ? whole + array.length : whole);
    } else if (isObject(key)) {
      if (!hasOwn(key, 'start') || !hasOwn(key, 'end')) raise('Array/string slice indices must be integers');
      const [start, end] = sliceBounds(member(key, 'start'), member(key, 'end'), array.length);
      run.tick(end - start);
      for (let position = start; position < end; position++) leaving.add(position);
    } else raise(`Cannot delete ${typeName(key)} element of array`);
  }
  run.tick(keys.length + (array.length >> 2));
  return array.filter((_, position) => !leaving.has(position));
}
