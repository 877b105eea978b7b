import { isArray, isNaN } from '../intrinsics.ts';
import type { Json } from '../../json.ts';
import { add } from '../arithmetic.ts';
import { codeOfMany, codeOfOne, together } from '../code.ts';
import type { Code, Emit, PathTo } from '../code.ts';
import { iterate } from '../compile-access.ts';
import { collect } from '../compile-basics.ts';
import { firstOf } from '../compile-update.ts';
import type { Env, Run } from '../runtime.ts';
import { compare, describe, isTruthy, raise } from '../values.ts';
import { forEachValue, generator } from './define.ts';
import type { Builtins } from './define.ts';

const zero: Code = { one: () => 0, many: (_input, _env, emit) => emit(0), weight: 1, constant: 0 };

/** `range(from; to)`. */
function range(from: Code, to: Code): Code {
  const between = (input: Json, env: Env, take: (start: number, end: number) => boolean): boolean =>
    forEachValue(from, input, env, (start) =>
      forEachValue(to, input, env, (end) =>
        typeof start === 'number' && typeof end === 'number'
          ? take(start, end)
          : raise('Range bounds must be numeric'),
      ),
    );
  return {
    ...generator(
      (input, env, emit) => between(input, env, (start, end) => count(start, end, 1, env, emit)),
      [from, to],
      6,
    ),
    list: (input, env) => {
      const items: Json[] = [];
      between(input, env, (start, end) => {
        listNumbers(start, end, items, env.run);
        return false;
      });
      return items;
    },
  };
}

/** Adds the numbers that {@link count} gives with a step of 1. Without a call for each it is as cheap as a copy, and counts as one. */
function listNumbers(start: number, end: number, items: Json[], run: Run): void {
  let room = 0;
  run.tick();
  for (let at = start; at < end; at += 1) {
    if (room === 0) {
      run.tick();
      run.checkItems(items.length + 1);
      room = 16;
    }
    room -= 1;
    items.push(at);
  }
  run.checkItems(items.length);
}

function count(start: number, end: number, step: number, env: Env, emit: Emit): boolean {
  for (let at = start; step > 0 ? at < end : at > end; at += step) {
    env.run.tick();
    if (emit(at)) return true;
  }
  return false;
}

/** `range(from; to; by)`, which is for whatever can be compared and added. */
function rangeBy(from: Code, to: Code, by: Code): Code {
  return generator(
    (input, env, emit) =>
      forEachValue(from, input, env, (start) =>
        forEachValue(to, input, env, (end) =>
          forEachValue(by, input, env, (step) => countBy(start, end, step, env, emit)),
        ),
      ),
    [from, to, by],
    6,
  );
}

function isComparable(value: Json): value is number {
  return typeof value === 'number' && !isNaN(value);
}

function countBy(start: Json, end: Json, step: Json, env: Env, emit: Emit): boolean {
  const { run } = env;
  const direction = Math.sign(compare(step, 0, run));
  if (direction === 0) return false;
  // NaN, below every number in jq's order, is not for JavaScript to compare.
  if (isComparable(start) && isComparable(end) && typeof step === 'number') {
    return count(start, end, step, env, emit);
  }
  for (let at = start; Math.sign(compare(end, at, run)) === direction; at = add(at, step, run)) {
    run.tick();
    if (emit(at)) return true;
  }
  return false;
}

/** Takes outputs up to a number of them, for values and for paths alike. */
function limited<Output extends readonly unknown[]>(
  limit: Json,
  env: Env,
  produce: (emit: (...output: Output) => boolean) => boolean,
  emit: (...output: Output) => boolean,
): boolean {
  if (compare(limit, 0, env.run) < 0) return raise("limit doesn't support negative count");
  let left: Json = limit;
  let stopped = false;
  if (left !== 0) {
    produce((...output) => {
      left = countDown(left, env.run);
      stopped = emit(...output);
      return stopped || left <= 0;
    });
  }
  return stopped;
}

/** One less. A count that is no number is found out here, so that nothing is wrong where there are no outputs. */
function countDown(left: Json, run: Run): number {
  run.tick();
  return typeof left === 'number'
    ? left - 1
    : raise(`${describe(left, run)} and number (1) cannot be subtracted`);
}

function skipped<Output extends readonly unknown[]>(
  count: Json,
  env: Env,
  produce: (emit: (...output: Output) => boolean) => boolean,
  emit: (...output: Output) => boolean,
): boolean {
  if (compare(count, 0, env.run) < 0) return raise("skip doesn't support negative count");
  let left = count === 0 ? -1 : count;
  return produce((...output) => {
    if (typeof left !== 'number' || left >= 0) left = countDown(left, env.run);
    else env.run.tick();
    return left < 0 && emit(...output);
  });
}

function nth<Output extends readonly unknown[]>(
  position: Json,
  env: Env,
  produce: (emit: (...output: Output) => boolean) => boolean,
  emit: (...output: Output) => boolean,
): boolean {
  if (compare(position, 0, env.run) < 0) return raise("nth doesn't support negative indices");
  return limited(1, env, (taken) => skipped(position, env, produce, taken), emit);
}

type Taking = typeof limited;

/** `limit`, `skip` and `nth`: a number, then a generator. */
function taking(take: Taking): Builtins[string] {
  return {
    code: (call) => {
      const counts = call.code(0);
      const source = call.code(1);
      return generator(
        (input, env, emit) =>
          forEachValue(counts, input, env, (value) =>
            take<[Json]>(value, env, (taken) => source.many(input, env, taken), emit),
          ),
        [counts, source],
        8,
      );
    },
    paths: (call) => {
      const counts = call.code(0);
      const source = call.paths(1);
      return (path, input, env, emit) =>
        counts.many(input, env, (value) =>
          take<[PathTo, Json]>(value, env, (taken) => source(path, input, env, taken), emit),
        );
    },
  };
}

/** `any(generator; condition)` and `all(…)`: ends at the first output that decides. */
function quantifier(source: Code, condition: Code | undefined, deciding: boolean): Code {
  return codeOfOne(
    (input, env) => {
      let decided = false;
      source.many(input, env, (value) => {
        env.run.tick();
        if (condition === undefined) decided = isTruthy(value) === deciding;
        else
          condition.many(value, env, (test) => {
            decided = isTruthy(test) === deciding;
            return decided;
          });
        return decided;
      });
      return decided === deciding;
    },
    4 + together(source, condition),
  );
}

const items: Code = codeOfMany((input, env, emit) => iterate(input, env.run, emit), 2);

/** Adds a generator's outputs; texts and arrays in one go, since pairwise sums of them cost a copy each. */
function sum(values: readonly Json[], env: Env): Json {
  const { run } = env;
  const [head] = values;
  if (values.length > 2 && isArray(head) && values.every((value) => isArray(value))) {
    const joined: Json[] = [];
    for (const value of values as readonly (readonly Json[])[]) {
      run.tickCopy(joined.length === 0 ? 0 : value.length);
      run.checkItems(joined.length + value.length);
      for (const item of value) joined.push(item);
    }
    return joined;
  }
  let total: Json = null;
  for (const value of values) total = add(total, value, run);
  return total;
}

/** Built-ins that make, filter or end streams of outputs. */
export const generatorBuiltins: Builtins = {
  'range/1': { code: (call) => range(zero, call.code(0)) },
  'range/2': { code: (call) => range(call.code(0), call.code(1)) },
  'range/3': { code: (call) => rangeBy(call.code(0), call.code(1), call.code(2)) },
  'select/1': {
    code: (call) => {
      const condition = call.code(0);
      const test = condition.one;
      if (test !== undefined) {
        return codeOfOne((input, env) => {
          const value = test(input, env);
          return value !== undefined && isTruthy(value) ? input : undefined;
        }, 1 + condition.weight);
      }
      return generator(
        (input, env, emit) => condition.many(input, env, (value) => isTruthy(value) && emit(input)),
        [condition],
      );
    },
    paths: (call) => {
      const condition = call.code(0);
      return (path, value, env, emit) =>
        condition.many(value, env, (test) => isTruthy(test) && emit(path, value));
    },
  },
  'map/1': {
    code: (call) => {
      const filter = call.code(0);
      return codeOfOne((input, env) => {
        const made: Json[] = [];
        const keep = (value: Json): boolean => {
          made.push(value);
          return false;
        };
        if (filter.one !== undefined) {
          const each = filter.one;
          iterate(input, env.run, (item) => {
            const value = each(item, env);
            if (value !== undefined) made.push(value);
            return false;
          });
        } else
          iterate(input, env.run, (item) =>
            filter.many(item, env, (value) => {
              env.run.tick();
              return keep(value);
            }),
          );
        return made;
      }, 4 + filter.weight);
    },
  },
  'first/1': {
    code: (call) => {
      const source = call.code(0);
      return codeOfOne((input, env) => firstOf(source, input, env), 2 + source.weight);
    },
    paths: (call) => {
      const source = call.paths(0);
      return (path, value, env, emit) =>
        limited<[PathTo, Json]>(1, env, (taken) => source(path, value, env, taken), emit);
    },
  },
  'last/1': {
    code: (call) => {
      const source = call.code(0);
      return codeOfOne((input, env) => {
        let last: Json | undefined;
        source.many(input, env, (value) => {
          env.run.tick();
          last = value;
          return false;
        });
        return last;
      }, 2 + source.weight);
    },
  },
  'limit/2': taking(limited),
  'skip/2': taking(skipped),
  'nth/2': taking(nth),
  'isempty/1': {
    code: (call) => {
      const source = call.code(0);
      return codeOfOne((input, env) => firstOf(source, input, env) === undefined, 2 + source.weight);
    },
  },
  'any/0': { code: () => quantifier(items, undefined, true) },
  'all/0': { code: () => quantifier(items, undefined, false) },
  'any/1': { code: (call) => quantifier(items, call.code(0), true) },
  'all/1': { code: (call) => quantifier(items, call.code(0), false) },
  'any/2': { code: (call) => quantifier(call.code(0), call.code(1), true) },
  'all/2': { code: (call) => quantifier(call.code(0), call.code(1), false) },
  'add/0': { code: () => codeOfOne((input, env) => sum(collect(items, input, env), env), 4) },
  'add/1': {
    code: (call) => {
      const source = call.code(0);
      return codeOfOne((input, env) => sum(collect(source, input, env), env), 4 + source.weight);
    },
  },
};
