import type { Json } from '../json.ts';
import type { PathEmit, PathTo } from './code.ts';
import { keysOf } from './intrinsics.ts';
import { beforeIterate } from './path-errors.ts';
import type { Env } from './runtime.ts';
import { describe, isArray, isObject, raise } from './values.ts';

/** What the path form of an expression costs in depth, in multiples of its value form. */
export const pathFactor = 4;

/** `[]` with paths. */
export function iteratePaths(path: PathTo, container: Json, env: Env, emit: PathEmit): boolean {
  const { run } = env;
  const from = beforeIterate(path, container, run);
  if (isObject(container)) {
    for (const key of keysOf(container)) {
      run.tick();
      if (emit({ key, from }, container[key] ?? null)) return true;
    }
    return false;
  }
  if (!isArray(container)) return raise(`Cannot iterate over ${describe(container, run)}`);
  for (let key = 0; key < container.length; key++) {
    run.tick();
    if (emit({ key, from }, container[key] ?? null)) return true;
  }
  return false;
}

/** `..` with paths. */
export function descendPaths(path: PathTo, value: Json, env: Env, emit: PathEmit): boolean {
  const { run } = env;
  run.tick();
  if (emit(path, value)) return true;
  // A value from elsewhere is refused before jq looks whether there is anything to descend to.
  beforeIterate(path, value, run);
  if (typeof value !== 'object' || value === null) return false;
  run.enter(5);
  const stopped = iteratePaths(path, value, env, (inner, output) => descendPaths(inner, output, env, emit));
  run.leave(5);
  return stopped;
}
