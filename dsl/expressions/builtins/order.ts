import type { Json } from '../../json.ts';
import { codeOfOne } from '../code.ts';
import { iterate } from '../compile-access.ts';
import { collect } from '../compile-basics.ts';
import type { Env, Run } from '../runtime.ts';
import { compare, describe, isArray, raise } from '../values.ts';
import { natives } from './define.ts';
import type { Builtin, Builtins } from './define.ts';

interface Keyed {
  /** Undefined where the filter had no output for the item; an array of them if it can have several. */
  readonly key: Json | undefined;
  readonly value: Json;
}

/** As arrays of the filter's outputs compare: the empty one is before all others. */
function compareKeys(left: Keyed, right: Keyed, run: Run): number {
  if (left.key !== undefined && right.key !== undefined) return compare(left.key, right.key, run);
  if (left.key === right.key) return 0;
  return left.key === undefined ? -1 : 1;
}

function toSorted(array: readonly Json[], run: Run): readonly Json[] {
  run.tick(array.length * logarithm(array.length));
  return array.toSorted((left, right) => compare(left, right, run));
}

function sortKeyed(items: readonly Keyed[], run: Run): readonly Keyed[] {
  run.tick(items.length * logarithm(items.length));
  return items.toSorted((left, right) => compareKeys(left, right, run));
}

function logarithm(length: number): number {
  return 1 + Math.ceil(Math.log2(1 + length) / 4);
}

function expectArray(value: Json, run: Run): readonly Json[] {
  return isArray(value) ? value : raise(`${describe(value, run)} cannot be sorted, as it is not an array`);
}

/** Neighbours in the order that are equal. */
function groups(sorted: readonly Keyed[], run: Run): Json[][] {
  const made: Json[][] = [];
  let last: Keyed | undefined;
  for (const item of sorted) {
    const group = made.at(-1);
    if (group !== undefined && last !== undefined && compareKeys(last, item, run) === 0) {
      group.push(item.value);
    } else made.push([item.value]);
    last = item;
  }
  return made;
}

/** The least, or greatest, by key; of equal ones the first least and the last greatest. */
function extreme(items: readonly Keyed[], sign: 1 | -1, run: Run): Json {
  let best: Keyed | undefined;
  for (const item of items) {
    run.tick();
    const order = best === undefined ? -1 : compareKeys(item, best, run) * sign;
    if (order < 0 || (order === 0 && sign === -1)) best = item;
  }
  return best?.value ?? null;
}

/** A built-in over an array's items and the keys that its argument makes of them. */
function byKey(what: string, use: (items: readonly Keyed[], run: Run) => Json): Builtin {
  return {
    code: (call) => {
      const filter = call.code(0);
      const { one } = filter;
      const keyOf = one ?? ((value: Json, env: Env) => collect(filter, value, env));
      return codeOfOne((input, env) => {
        const items: Keyed[] = [];
        iterate(input, env.run, (value) => {
          env.run.tick();
          items.push({ key: keyOf(value, env), value });
          return false;
        });
        if (!isArray(input)) {
          const keys = items.map(({ key }): Json => {
            if (key === undefined) return [];
            return one === undefined ? key : [key];
          });
          raise(`${describe(input, env.run)} and ${describe(keys, env.run)} cannot be ${what}`);
        }
        return use(items, env.run);
      }, 6 + filter.weight);
    },
  };
}

function byItself(array: readonly Json[]): readonly Keyed[] {
  return array.map((value) => ({ key: value, value }));
}

function expectIterable(value: Json, run: Run): readonly Json[] {
  if (isArray(value)) return value;
  return raise(`${describe(value, run)} and ${describe(value, run)} cannot be iterated over`);
}

const sorting = 'sorted, as they are not both arrays';

/** Sorting, grouping and what follows from an order. */
export const orderBuiltins: Builtins = {
  'sort_by/1': byKey(sorting, (items, run) => sortKeyed(items, run).map((item) => item.value)),
  'group_by/1': byKey(sorting, (items, run) => groups(sortKeyed(items, run), run)),
  'unique_by/1': byKey(sorting, (items, run) =>
    groups(sortKeyed(items, run), run).flatMap((group) => group.slice(0, 1)),
  ),
  'min_by/1': byKey('iterated over', (items, run) => extreme(items, 1, run)),
  'max_by/1': byKey('iterated over', (items, run) => extreme(items, -1, run)),
  ...natives({
    'sort/0': (input, _args, run) => toSorted(expectArray(input, run), run),
    'unique/0': (input, _args, run) =>
      groups(sortKeyed(byItself(expectArray(input, run)), run), run).flatMap((group) => group.slice(0, 1)),
    'min/0': (input, _args, run) => extreme(byItself(expectIterable(input, run)), 1, run),
    'max/0': (input, _args, run) => extreme(byItself(expectIterable(input, run)), -1, run),
    'bsearch/1': (input, [target = null], run) => {
      if (!isArray(input)) return raise(`${describe(input, run)} cannot be searched from`);
      let low = 0;
      let high = input.length;
      while (low < high) {
        run.tick();
        const middle = (low + high) >> 1;
        const order = compare(input[middle] ?? null, target, run);
        if (order === 0) return middle;
        if (order < 0) low = middle + 1;
        else high = middle;
      }
      return -1 - low;
    },
  }),
};
