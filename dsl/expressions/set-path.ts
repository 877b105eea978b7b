import type { Json, JsonObject } from '../json.ts';
import { sliceBounds } from './access.ts';
import { copyObject } from './arithmetic.ts';
import { getPath } from './access.ts';
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
  run.enter(2);
  run.tick();
  const key = path[at] ?? null;
  const result = isObject(key)
    ? setSlice(container, key, path, at, value, run, owned)
    : setKey(container, key, path, at, value, run, owned);
  run.leave(2);
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
  const whole = Math.floor(Number.isNaN(key) ? 0 : key);
  const position = whole < 0 ? whole + length : whole;
  if (position < 0) raise('Out of bounds negative array index');
  if (position > maxIndex) raise('Array index too large');
  if (position > run.valueBytes) run.tooLarge();
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
    return raise(`Cannot update field at object index of ${typeName(container)}`);
  }
  const array = container ?? [];
  const [start, end] = sliceBounds(member(key, 'start'), member(key, 'end'), array.length);
  const inner = container === null ? null : array.slice(start, end);
  const next = setFrom(inner, path, at + 1, value, run, owned);
  if (!isArray(next)) return raise('A slice of an array can only be assigned another array');
  run.tickCopy(array.length + next.length);
  const result = array.slice(0, start).concat(next, array.slice(end));
  owned.add(result);
  return result;
}

function ownObject(container: JsonObject | null, run: Run, owned: Owned): Record<string, Json> {
  if (container !== null && owned.has(container)) return container as Record<string, Json>;
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

/** The value without what stands at the paths; later paths go first, so that array positions stay right. */
export function deletePaths(root: Json, paths: readonly Json[], run: Run): Json {
  const sorted = paths.toSorted((left, right) => compare(left, right, run));
  run.tick(1 + sorted.length);
  let result = root;
  for (const path of sorted.reverse()) {
    if (!isArray(path)) raise(`Path must be specified as array, not ${typeName(path)}`);
    result = deleteFrom(result, path, 0, run);
  }
  return result;
}

function deleteFrom(container: Json, path: readonly Json[], at: number, run: Run): Json {
  const key = path[at] ?? null;
  if (container === null || at === path.length) return null;
  run.enter(2);
  run.tick();
  let result: Json;
  if (at === path.length - 1) result = deleteKey(container, key, run);
  else {
    const inner = getPath(container, [key], run);
    result =
      inner === null
        ? container
        : setPath(container, [key], deleteFrom(inner, path, at + 1, run), run, new Set());
  }
  run.leave(2);
  return result;
}

function deleteKey(container: Json, key: Json, run: Run): Json {
  if (isArray(container)) {
    if (typeof key === 'number') return deleteItem(container, key, run);
    if (isObject(key)) {
      const [start, end] = sliceBounds(member(key, 'start'), member(key, 'end'), container.length);
      run.tickCopy(container.length);
      return container.toSpliced(start, end - start);
    }
    return raise(`Cannot delete ${typeName(key)} element of array`);
  }
  if (!isObject(container)) return raise(`Cannot delete fields from ${typeName(container)}`);
  if (typeof key !== 'string') return raise(`Cannot delete ${typeName(key)} field of object`);
  if (!Object.hasOwn(container, key)) return container;
  const copy = copyObject(container, run);
  delete copy[key];
  return copy;
}

function deleteItem(array: readonly Json[], key: number, run: Run): Json {
  const whole = Math.floor(key);
  const position = whole < 0 ? whole + array.length : whole;
  if (!(position >= 0 && position < array.length)) return array;
  run.tickCopy(array.length);
  return array.toSpliced(position, 1);
}
