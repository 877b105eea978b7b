import type { Json } from '../../json.ts';
import { iterate } from '../compile-access.ts';
import type { Run } from '../runtime.ts';
import { indicesOf, textIndices } from '../search.ts';
import { compare, describe, isArray, raise } from '../values.ts';
import { index, slice } from '../access.ts';
import { subtract } from '../arithmetic.ts';
import { length } from './core.ts';
import { natives } from './define.ts';
import type { Builtins } from './define.ts';

function flatten(value: Json, depth: Json, run: Run): Json {
  if (compare(depth, 0, run) < 0) return raise('flatten depth must not be negative');
  const flat: Json[] = [];
  flattenInto(flat, value, depth, run);
  return flat;
}

function flattenInto(flat: Json[], value: Json, depth: Json, run: Run): void {
  run.enter(4);
  iterate(value, run, (item) => {
    if (!isArray(item) || depth === 0) flat.push(item);
    else flattenInto(flat, item, subtract(depth, 1, run), run);
    return false;
  });
  run.leave(4);
}

function transpose(value: Json, run: Run): Json {
  const rows: (readonly Json[])[] = [];
  iterate(value, run, (row) => {
    if (row === null) rows.push([]);
    else if (isArray(row)) rows.push(row);
    else raise(`Cannot index ${describe(row, run)} with number`);
    return false;
  });
  const width = rows.reduce((widest, row) => Math.max(widest, row.length), 0);
  run.tick(width * rows.length);
  return Array.from({ length: width }, (_, column) => rows.map((row) => row[column] ?? null));
}

function reverse(value: Json, run: Run): Json {
  if (isArray(value)) {
    run.tickCopy(value.length);
    return value.toReversed();
  }
  const count = length(value, run);
  // As in jq, the last item is asked for: text, numbers and objects have none.
  return count === 0 ? [] : index(value, count - 1, run);
}

/** Every place of a part in an array or a text; with others it is a look-up. */
function indices(value: Json, part: Json, run: Run): Json {
  if (isArray(value)) return indicesOf(value, isArray(part) ? part : [part], run);
  if (typeof value === 'string' && typeof part === 'string') return textIndices(value, part, run);
  return index(value, part, run);
}

function firstIndex(value: Json, part: Json, run: Run): Json {
  return index(indices(value, part, run), 0, run);
}

function lastIndex(value: Json, part: Json, run: Run): Json {
  return index(slice(indices(value, part, run), -1, null, run), 0, run);
}

/** Built-ins of arrays, and of positions in arrays and texts. */
export const arrayBuiltins: Builtins = natives({
  'flatten/0': (input, _args, run) => flatten(input, Infinity, run),
  'flatten/1': (input, [depth = null], run) => flatten(input, depth, run),
  'transpose/0': (input, _args, run) => transpose(input, run),
  'reverse/0': (input, _args, run) => reverse(input, run),
  'indices/1': (input, [part = null], run) => indices(input, part, run),
  'index/1': (input, [part = null], run) => firstIndex(input, part, run),
  'rindex/1': (input, [part = null], run) => lastIndex(input, part, run),
});
