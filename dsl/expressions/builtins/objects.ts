import { hasOwn, keysOf } from '../intrinsics.ts';
import type { Json } from '../../json.ts';
import { index } from '../access.ts';
import { iterate } from '../compile-access.ts';
import type { Run } from '../runtime.ts';
import { includesText } from '../search.ts';
import {
  describe,
  equals,
  isArray,
  isObject,
  isTruthy,
  member,
  raise,
  sortedKeys,
  typeName,
  withMember,
} from '../values.ts';
import { natives } from './define.ts';
import type { Builtins } from './define.ts';

function keys(value: Json, run: Run, sorted: boolean): Json {
  if (isArray(value)) {
    run.tick(value.length);
    return Array.from(value, (_, position) => position);
  }
  if (!isObject(value)) return raise(`${describe(value, run)} has no keys`);
  const names = sorted ? sortedKeys(value, run) : keysOf(value);
  run.tick(1 + names.length);
  return names;
}

function has(value: Json, key: Json, run: Run): boolean {
  if (value === null) return false;
  if (isObject(value) && typeof key === 'string') {
    run.tickKey(key);
    return hasOwn(value, key);
  }
  if (isArray(value) && typeof key === 'number') return Math.trunc(key) >= 0 && key < value.length;
  return raise(`Cannot check whether ${typeName(value)} has a ${typeName(key)} key`);
}

function contains(whole: Json, part: Json, run: Run): boolean {
  run.tick();
  if (isObject(whole) && isObject(part)) {
    run.enter(3);
    const found = keysOf(part).every(
      (key) => hasOwn(whole, key) && containsInside(member(whole, key), part[key] ?? null, run),
    );
    run.leave(3);
    return found;
  }
  if (isArray(whole) && isArray(part)) {
    run.enter(4);
    const found = part.every((wanted) => whole.some((item) => containsInside(item, wanted, run)));
    run.leave(4);
    return found;
  }
  if (typeof whole === 'string' && typeof part === 'string') {
    return includesText(whole, part, run);
  }
  // To jq, true and false are of different types.
  const comparable = typeof whole === 'boolean' ? whole === part : typeName(whole) === typeName(part);
  if (comparable) return equals(whole, part, run);
  return raise(`${describe(whole, run)} and ${describe(part, run)} cannot have their containment checked`);
}

/** Inside a container values of different types are merely not contained. */
function containsInside(whole: Json, part: Json, run: Run): boolean {
  const containers = typeof whole === 'object' && whole !== null;
  if (typeName(whole) === typeName(part) && (containers || typeof whole === 'string')) {
    return contains(whole, part, run);
  }
  run.tick();
  return equals(whole, part, run);
}

function toEntries(value: Json, run: Run): Json {
  if (isObject(value)) {
    const members = keysOf(value);
    run.tick(2 * members.length);
    return members.map((key) => ({ key, value: value[key] ?? null }));
  }
  const names = keys(value, run, false) as readonly Json[];
  run.tick(names.length);
  return names.map((key) => ({ key, value: index(value, key, run) }));
}

function fromEntries(value: Json, run: Run): Json {
  const made: Record<string, Json> = {};
  iterate(value, run, (entry) => {
    const key = firstTrue(entry, ['key', 'name', 'Key', 'Name'], run);
    if (typeof key !== 'string') return raise(`Cannot use ${describe(key, run)} as object key`);
    const named = isObject(entry) && !hasOwn(entry, 'value') ? 'Value' : 'value';
    run.tickKey(key);
    withMember(made, key, index(entry, named, run));
    return false;
  });
  return made;
}

function firstTrue(entry: Json, names: readonly string[], run: Run): Json {
  for (const name of names) {
    const value = index(entry, name, run);
    if (isTruthy(value)) return value;
  }
  return null;
}

/** Built-ins of objects and of membership. */
export const objectBuiltins: Builtins = natives({
  'keys/0': (input, _args, run) => keys(input, run, true),
  'keys_unsorted/0': (input, _args, run) => keys(input, run, false),
  'has/1': (input, [key = null], run) => has(input, key, run),
  'in/1': (input, [container = null], run) => has(container, input, run),
  'contains/1': (input, [part = null], run) => contains(input, part, run),
  'inside/1': (input, [whole = null], run) => contains(whole, input, run),
  'to_entries/0': (input, _args, run) => toEntries(input, run),
  'from_entries/0': (input, _args, run) => fromEntries(input, run),
});
