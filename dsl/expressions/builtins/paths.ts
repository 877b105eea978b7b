import type { Json } from '../../json.ts';
import { getPath } from '../access.ts';
import { codeOfMany, codeOfOne, trailKeys } from '../code.ts';
import type { Code, Paths, PathTo } from '../code.ts';
import { descendPaths, pathFactor } from '../path-walk.ts';
import { beforeAccess, endOfPath, isOffPath } from '../path-errors.ts';
import type { Env, Run } from '../runtime.ts';
import { deletePaths, setPath } from '../set-path.ts';
import { isArray, isObject, isTruthy, raise } from '../values.ts';
import { natives } from './define.ts';
import type { Builtins, Call } from './define.ts';

/** The code of an argument that is used by its paths; compiled as a value it tells its weight and its mistakes. */
function pathArgument(call: Call): { readonly paths: Paths; readonly weight: number } {
  return { paths: call.paths(0), weight: 6 + pathFactor * call.code(0).weight };
}

/** `path(f)`: the path of every output of f. */
function pathsOf(call: Call): Code {
  const { paths, weight } = pathArgument(call);
  return codeOfMany(
    (input, env, emit) =>
      paths(null, input, env, (path, value) => {
        env.run.tick();
        return emit(trailKeys(endOfPath(path, value, env.run), env.run));
      }),
    weight,
  );
}

function allPaths(condition: Code | undefined): Code {
  return codeOfMany(
    (input, env, emit) =>
      descendPaths(null, input, env, (path, value) => {
        // The root has no path that counts, but the condition is asked about it too.
        const trail = endOfPath(path, value, env.run);
        const found = (): boolean => trail !== null && emit(trailKeys(trail, env.run));
        if (condition === undefined) return found();
        return condition.many(value, env, (test) => isTruthy(test) && found());
      }),
    6 + (condition?.weight ?? 0),
  );
}

function collectPaths(paths: Paths, input: Json, env: Env): Json[] {
  const found: Json[] = [];
  paths(null, input, env, (path, value) => {
    env.run.tick();
    found.push(trailKeys(endOfPath(path, value, env.run), env.run));
    return false;
  });
  return found;
}

function expectPath(path: Json): readonly Json[] {
  return isArray(path) ? path : raise('Path must be specified as an array');
}

/** `getpath` of what may be missing: errors are for values that cannot have such a key. */
function extend(path: PathTo, keys: readonly Json[], value: Json, run: Run): PathTo {
  let trail = path;
  for (const key of keys) trail = { key, from: beforeAccess(trail, key, value, run) };
  return trail;
}

/** The events of jq's streaming form: `[path, leaf]`, and `[path]` after the last child of a container. */
function* streamEvents(root: Json, run: Run): Generator<Json> {
  // An explicit stack, so that deep values cost no depth. No value means that a container ends at this path.
  const stack: { readonly path: readonly Json[]; readonly value?: Json }[] = [{ path: [], value: root }];
  for (let frame = stack.pop(); frame !== undefined; frame = stack.pop()) {
    const { path, value } = frame;
    run.tick(1 + path.length);
    if (value === undefined) {
      yield [path];
      continue;
    }
    const keys = childKeys(value);
    const last = keys.at(-1);
    if (last === undefined) {
      yield [path, value];
      continue;
    }
    // All children are taken up at once, each with a path of its own.
    run.tick(keys.length * (1 + (path.length >> 3)));
    stack.push({ path: [...path, last] });
    for (const key of keys.toReversed()) {
      stack.push({ path: [...path, key], value: getPath(value, [key], run) });
    }
  }
}

function childKeys(value: Json): readonly Json[] {
  if (isArray(value)) return Array.from(value, (_, position) => position);
  return isObject(value) ? Object.keys(value) : [];
}

/** Built-ins about paths. */
export const pathBuiltins: Builtins = {
  'path/1': { code: (call) => pathsOf(call) },
  'paths/0': { code: () => allPaths(undefined) },
  'paths/1': { code: (call) => allPaths(call.code(0)) },
  'del/1': {
    code: (call) => {
      const { paths, weight } = pathArgument(call);
      return codeOfOne((input, env) => deletePaths(input, collectPaths(paths, input, env), env.run), weight);
    },
  },
  'pick/1': {
    code: (call) => {
      const { paths, weight } = pathArgument(call);
      return codeOfOne((input, env) => {
        let picked: Json = null;
        for (const path of collectPaths(paths, input, env)) {
          const keys = expectPath(path);
          picked = setPath(picked, keys, getPath(input, keys, env.run), env.run, new Set());
        }
        return picked;
      }, weight);
    },
  },
  'getpath/1': {
    code: (call) => {
      const argument = call.code(0);
      return codeOfMany(
        (input, env, emit) =>
          argument.many(input, env, (path) => emit(getPath(input, expectPath(path), env.run))),
        3 + argument.weight,
      );
    },
    paths: (call) => {
      const argument = call.code(0);
      return (path, value, env, emit) =>
        argument.many(value, env, (keys) => {
          const found = getPath(value, expectPath(keys), env.run);
          // From outside of the input it may come back to the very value that the path has last led to.
          if (isOffPath(path, value)) return emit(path, found);
          return emit(extend(path, expectPath(keys), value, env.run), found);
        });
    },
  },
  'tostream/0': {
    code: () =>
      codeOfMany((input, env, emit) => {
        for (const event of streamEvents(input, env.run)) if (emit(event)) return true;
        return false;
      }, 6),
  },
  ...natives({
    'setpath/2': (input, [path = null, value = null], run) =>
      setPath(input, expectPath(path), value, run, new Set()),
    'delpaths/1': (input, [paths = null], run) =>
      isArray(paths) ? deletePaths(input, paths, run) : raise('Paths must be specified as an array'),
  }),
};
