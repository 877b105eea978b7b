import { keysOf } from './intrinsics.ts';
import type { Json } from '../json.ts';
import { index, slice } from './access.ts';
import type { NodeOf } from './ast.ts';
import { codeOfMany, codeOfOne, together } from './code.ts';
import type { Code, Emit, One } from './code.ts';
import { pipeOf } from './compile-basics.ts';
import { caughtValue } from './guard.ts';
import type { Env, Run } from './runtime.ts';
import type { Compiler, Scope } from './scope.ts';
import { describe, isArray, isInherited, isObject, raise } from './values.ts';

/** `target[key]`, `target.name`. As in jq the key comes before the target, and of two generators varies slower. */
export function compileIndex(node: NodeOf<'index'>, scope: Scope | undefined, compiler: Compiler): Code {
  const target = compiler.code(node.target, scope);
  const key = compiler.code(node.key, scope);
  const access = node.optional === true ? indexOrNothing : index;
  if (key.constant !== undefined) {
    const step = codeOfOne(constantIndex(key.constant, access), 1);
    return node.target.kind === 'identity' ? step : pipeOf([target, step]);
  }
  const base = target.one;
  const by = key.one;
  if (base !== undefined && by !== undefined) {
    return codeOfOne(
      (input, env) => {
        const at = by(input, env);
        const value = at === undefined ? undefined : base(input, env);
        env.run.tick();
        return value === undefined || at === undefined ? undefined : access(value, at, env.run);
      },
      1 + together(target, key),
    );
  }
  return codeOfMany(
    (input, env, emit) =>
      key.many(input, env, (at) =>
        target.many(input, env, (value) => {
          env.run.tick();
          const found = access(value, at, env.run);
          return found !== undefined && emit(found);
        }),
      ),
    3 + together(target, key),
  );
}

type Access = (value: Json, key: Json, run: Run) => Json | undefined;

function indexOrNothing(value: Json, key: Json, run: Run): Json | undefined {
  return orNothing(run, () => index(value, key, run));
}

/** What `?` makes of a step that fails. */
export function orNothing(run: Run, step: () => Json): Json | undefined {
  try {
    return step();
  } catch (error) {
    caughtValue(error, run);
    return undefined;
  }
}

function constantIndex(key: Json, access: Access): One {
  // The most frequent expression of all: a member by a name that no JavaScript object inherits needs no look-up of its own.
  if (typeof key === 'string' && !isInherited(key)) {
    return (input, env) => {
      if (typeof input === 'object' && input !== null && !isArray(input)) {
        const value = (input as Readonly<Record<string, Json | undefined>>)[key];
        return value === undefined ? null : value;
      }
      return access(input, key, env.run);
    };
  }
  return (input, env) => access(input, key, env.run);
}

/** `target[from:to]`. */
export function compileSlice(node: NodeOf<'slice'>, scope: Scope | undefined, compiler: Compiler): Code {
  const nothing = codeOfOne(() => null, 1);
  const target = compiler.code(node.target, scope);
  const from = node.from === undefined ? nothing : compiler.code(node.from, scope);
  const to = node.to === undefined ? nothing : compiler.code(node.to, scope);
  return codeOfMany(
    (input, env, emit) =>
      from.many(input, env, (start) =>
        to.many(input, env, (end) =>
          target.many(input, env, (value) => {
            const cut = (): Json => slice(value, start, end, env.run);
            const part = node.optional === true ? orNothing(env.run, cut) : cut();
            return part !== undefined && emit(part);
          }),
        ),
      ),
    4 + together(target, from, to),
  );
}

/** `target[]`. */
export function compileIterate(node: NodeOf<'iterate'>, scope: Scope | undefined, compiler: Compiler): Code {
  const { optional } = node;
  const step = codeOfMany((input, env, emit) => {
    if (optional === true && (typeof input !== 'object' || input === null)) return false;
    return iterate(input, env.run, emit);
  }, 2);
  return node.target.kind === 'identity' ? step : pipeOf([compiler.code(node.target, scope), step]);
}

/** Every item of an array, or member of an object. */
export function iterate(value: Json, run: Run, emit: Emit): boolean {
  if (isArray(value)) {
    for (const item of value) {
      run.tick();
      if (emit(item)) return true;
    }
    return false;
  }
  if (!isObject(value)) return raise(`Cannot iterate over ${describe(value, run)}`);
  for (const key of keysOf(value)) {
    run.tick();
    if (emit(value[key] ?? null)) return true;
  }
  return false;
}

/** `..`. */
export function compileRecurse(): Code {
  return codeOfMany((input, env, emit) => descend(input, env, emit), 2);
}

function descend(value: Json, env: Env, emit: Emit): boolean {
  const { run } = env;
  run.tick();
  if (emit(value)) return true;
  if (typeof value !== 'object' || value === null) return false;
  run.enter(4);
  const stopped = iterate(value, run, (inner) => descend(inner, env, emit));
  run.leave(4);
  return stopped;
}
