import type { Json } from '../json.ts';
import { getPath } from './access.ts';
import { operations } from './arithmetic.ts';
import type { Operation } from './arithmetic.ts';
import type { NodeOf, UpdateOperator } from './ast.ts';
import { codeOfMany, codeOfOne, trailKeys } from './code.ts';
import type { Code, Paths } from './code.ts';
import { pathFactor } from './path-walk.ts';
import { endOfPath } from './path-errors.ts';
import type { Env } from './runtime.ts';
import type { Compiler, Scope } from './scope.ts';
import { deletePaths, setPath } from './set-path.ts';
import type { Owned } from './set-path.ts';
import { isTruthy } from './values.ts';

/** `paths = value`, `paths |= filter`, `paths += value` and their kin. */
export function compileUpdate(node: NodeOf<'update'>, scope: Scope | undefined, compiler: Compiler): Code {
  const paths = compiler.paths(node.left, scope);
  // The left side is compiled as a value too: it has the weight, and its mistakes are found.
  const left = compiler.code(node.left, scope);
  const right = compiler.code(node.right, scope);
  const weight = 10 + pathFactor * left.weight + right.weight;
  const { operator } = node;
  if (operator === '|=') {
    return codeOfOne(
      (input, env) => modify(paths, input, env, (value) => firstOf(right, value, env)),
      weight,
    );
  }
  const operand = right.one;
  if (operand !== undefined) {
    return codeOfOne((input, env) => {
      const value = operand(input, env);
      return value === undefined ? undefined : assign(operator, paths, value, input, env);
    }, weight);
  }
  return codeOfMany(
    (input, env, emit) => right.many(input, env, (value) => emit(assign(operator, paths, value, input, env))),
    weight,
  );
}

function assign(
  operator: Exclude<UpdateOperator, '|='>,
  paths: Paths,
  operand: Json,
  input: Json,
  env: Env,
): Json {
  if (operator === '=') return modify(paths, input, env, undefined, operand);
  if (operator === '//=') {
    return modify(paths, input, env, (value) => (isTruthy(value) ? value : operand));
  }
  const operation: Operation = operations[operationOf[operator]];
  return modify(paths, input, env, (value) => operation(value, operand, env.run));
}

const operationOf = { '+=': '+', '-=': '-', '*=': '*', '/=': '/', '%=': '%' } as const;

/** The first output, or undefined. */
export function firstOf(code: Code, input: Json, env: Env): Json | undefined {
  if (code.one !== undefined) return code.one(input, env);
  let first: Json | undefined;
  code.many(input, env, (value) => {
    first = value;
    return true;
  });
  return first;
}

/**
 * The input with the value at each path replaced by what `change` makes of it, in the order of the paths, which are
 * those of the unchanged input. Where `change` gives nothing the value is deleted, after all others have changed.
 */
function modify(
  paths: Paths,
  input: Json,
  env: Env,
  change: ((value: Json) => Json | undefined) | undefined,
  constant: Json = null,
): Json {
  const { run } = env;
  const dropped: Json[] = [];
  let state = input;
  let owned: Owned = new Set();
  paths(null, input, env, (trail, value) => {
    run.tick();
    const keys = trailKeys(endOfPath(trail, value, run), run);
    if (change === undefined) {
      state = setPath(state, keys, constant, run, owned);
      return false;
    }
    const current = getPath(state, keys, run);
    // What `change` sees it may keep, so that it must not be written into any more.
    if (owned.has(current)) owned = new Set();
    const next = change(current);
    if (next === undefined) dropped.push(keys);
    else state = setPath(state, keys, next, run, owned);
    return false;
  });
  return dropped.length === 0 ? state : deletePaths(state, dropped, run);
}
