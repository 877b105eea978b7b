import type { Json } from '../json.ts';
import { index, slice } from './access.ts';
import type { Node, NodeOf } from './ast.ts';
import { callBuiltin } from './builtins/index.ts';
import type { PathEmit, Paths, PathTo } from './code.ts';
import { orNothing } from './compile-access.ts';
import { argumentsOf, bodyScope, defineFunction, linker } from './compile-functions.ts';
import { caughtValue, guarded, throwSteps } from './guard.ts';
import { afterText, afterValue, beforeAccess, beforeIterate } from './path-errors.ts';
import { descendPaths, iteratePaths, pathFactor } from './path-walk.ts';
import { compilePatterns } from './patterns.ts';
import { resolveFunction } from './prelude.ts';
import { bindValue, BreakSignal, outer } from './runtime.ts';
import type { Env, Run } from './runtime.ts';
import { bind } from './scope.ts';
import type { CompiledFunction, Compiler, Scope } from './scope.ts';
import { isTruthy } from './values.ts';

/** The path form of an expression: what stands in `path(…)` and left of `=`, `|=` and their kin. */
export function compilePaths(node: Node, scope: Scope | undefined, compiler: Compiler): Paths {
  switch (node.kind) {
    case 'identity':
      return (path, value, _env, emit) => emit(path, value);
    case 'recurse':
      return descendPaths;
    case 'index':
      return indexPaths(node, scope, compiler);
    case 'slice':
      return slicePaths(node, scope, compiler);
    case 'iterate': {
      const target = compiler.paths(node.target, scope);
      return (path, value, env, emit) =>
        target(path, value, env, (inner, container) => {
          if (node.optional === true && (typeof container !== 'object' || container === null)) {
            beforeIterate(inner, container, env.run);
            return false;
          }
          return iteratePaths(inner, container, env, emit);
        });
    }
    case 'pipe':
      return node.stages
        .map((stage) => compiler.paths(stage, scope))
        .reduceRight((rest, stage) => pipePaths(stage, rest));
    case 'comma': {
      const items = node.items.map((item) => compiler.paths(item, scope));
      return (path, value, env, emit) => {
        env.run.tick(items.length);
        return items.some((item) => item(path, value, env, emit));
      };
    }
    case 'binary':
      return node.operator === '//'
        ? alternativePaths(node, scope, compiler)
        : valuePaths(node, scope, compiler);
    case 'if':
      return ifPaths(node, scope, compiler);
    case 'try':
      return tryPaths(node, scope, compiler);
    case 'foreach':
      return foreachPaths(node, scope, compiler);
    case 'bind': {
      const source = compiler.code(node.source, scope);
      const binder = compilePatterns(node.patterns, scope, compiler);
      const body = compiler.paths(node.body, binder.scope);
      return (path, value, env, emit) =>
        source.many(value, env, (bound) => binder.run(bound, env, (inner) => body(path, value, inner, emit)));
    }
    case 'define':
      return compiler.paths(node.body, defineFunction(node, scope));
    case 'label': {
      const body = compiler.paths(node.body, bind(scope, { kind: 'label', name: node.name }));
      return (path, value, env, emit) => labelPaths(body, path, value, env, emit);
    }
    case 'call':
      return callPaths(node, scope, compiler) ?? callBuiltin(node, scope, compiler).paths();
    default:
      return valuePaths(node, scope, compiler);
  }
}

/** An expression that makes values: only one that gives its very input back has a path. */
function valuePaths(node: Node, scope: Scope | undefined, compiler: Compiler): Paths {
  const code = compiler.code(node, scope);
  const after = makesText(node) ? afterText : afterValue;
  return (path, value, env, emit) =>
    code.many(value, env, (output) => emit(after(path, value, output), output));
}

/** Whether a text that the node gives is a new one, even if it equals the input. */
function makesText(node: Node): boolean {
  if (node.kind === 'format') return node.name !== '@text';
  return node.kind === 'literal' || node.kind === 'string';
}

function pipePaths(first: Paths, rest: Paths): Paths {
  return (path, value, env, emit) =>
    first(path, value, env, (inner, output) => rest(inner, output, env, emit));
}

function indexPaths(node: NodeOf<'index'>, scope: Scope | undefined, compiler: Compiler): Paths {
  const target = compiler.paths(node.target, scope);
  const key = compiler.code(node.key, scope);
  const access = node.optional === true ? orNothing : always;
  return (path, value, env, emit) =>
    key.many(value, env, (at) =>
      target(path, value, env, (inner, container) => {
        env.run.tick();
        const from = beforeAccess(inner, at, container, env.run);
        const found = access(env.run, () => index(container, at, env.run));
        return found !== undefined && emit({ key: at, from }, found);
      }),
    );
}

function always(_run: Run, step: () => Json): Json {
  return step();
}

function slicePaths(node: NodeOf<'slice'>, scope: Scope | undefined, compiler: Compiler): Paths {
  const nothing: Node = { kind: 'literal', value: null, offset: node.offset };
  const target = compiler.paths(node.target, scope);
  const starts = compiler.code(node.from ?? nothing, scope);
  const ends = compiler.code(node.to ?? nothing, scope);
  const access = node.optional === true ? orNothing : always;
  return (path, value, env, emit) =>
    starts.many(value, env, (start) =>
      ends.many(value, env, (end) =>
        target(path, value, env, (inner, container) => {
          env.run.tick();
          const key = { start, end };
          const from = beforeAccess(inner, key, container, env.run);
          const found = access(env.run, () => slice(container, start, end, env.run));
          return found !== undefined && emit({ key, from }, found);
        }),
      ),
    );
}

function alternativePaths(node: NodeOf<'binary'>, scope: Scope | undefined, compiler: Compiler): Paths {
  const left = compiler.paths(node.left, scope);
  const right = compiler.paths(node.right, scope);
  return (path, value, env, emit) => {
    let found = false;
    const stopped = left(path, value, env, (inner, output) => {
      if (!isTruthy(output)) return false;
      found = true;
      return emit(inner, output);
    });
    return stopped || (!found && right(path, value, env, emit));
  };
}

function ifPaths(node: NodeOf<'if'>, scope: Scope | undefined, compiler: Compiler): Paths {
  const otherwise: Paths =
    node.otherwise === undefined
      ? (path, value, _env, emit) => emit(path, value)
      : compiler.paths(node.otherwise, scope);
  return node.branches.reduceRight((rest, branch) => {
    const condition = compiler.code(branch.condition, scope);
    const then = compiler.paths(branch.then, scope);
    return (path, value, env, emit) =>
      condition.many(value, env, (test) => (isTruthy(test) ? then : rest)(path, value, env, emit));
  }, otherwise);
}

function tryPaths(node: NodeOf<'try'>, scope: Scope | undefined, compiler: Compiler): Paths {
  const body = compiler.paths(node.body, scope);
  const handler = node.handler === undefined ? undefined : compiler.paths(node.handler, scope);
  return (path, value, env, emit) => {
    const { depth } = env.run;
    return guarded(
      env.run,
      (guard) => body(path, value, env, (inner, output) => guard(() => emit(inner, output))),
      (error) => {
        const caught = caughtValue(error, env.run);
        env.run.depth = depth;
        if (handler === undefined) return false;
        return handler(afterValue(path, value, caught), caught, env, emit);
      },
    );
  };
}

function foreachPaths(node: NodeOf<'foreach'>, scope: Scope | undefined, compiler: Compiler): Paths {
  const source = compiler.code(node.source, scope);
  const binder = compilePatterns(node.patterns, scope, compiler);
  const init = compiler.paths(node.init, scope);
  const update = compiler.paths(node.update, binder.scope);
  const extract = node.extract === undefined ? undefined : compiler.paths(node.extract, binder.scope);
  return (path, value, env, emit) =>
    init(path, value, env, (initPath, initial) => {
      let state = initial;
      return source.many(value, env, (item) =>
        binder.run(item, env, (inner) => {
          const from = state;
          state = null;
          // As in jq, each round begins at the path of the initial state.
          return update(afterValue(initPath, initial, from), from, inner, (to, output) => {
            state = output;
            return extract === undefined ? emit(to, output) : extract(to, output, inner, emit);
          });
        }),
      );
    });
}

function labelPaths(body: Paths, path: PathTo, value: Json, env: Env, emit: PathEmit): boolean {
  const label = bindValue(env, env.run.nextLabel());
  const { depth } = env.run;
  try {
    return body(path, value, label, emit);
  } catch (signal) {
    env.run.tick(throwSteps);
    if (!(signal instanceof BreakSignal) || signal.label !== label) throw signal;
    env.run.depth = depth;
    return false;
  }
}

function callPaths(node: NodeOf<'call'>, scope: Scope | undefined, compiler: Compiler): Paths | undefined {
  const found = resolveFunction(node.name, node.args.length, scope, compiler);
  if (found === undefined) return undefined;
  const { hops } = found;
  if (found.kind === 'parameter') {
    return (path, value, env, emit) => {
      const { closure } = outer(env, hops);
      if (closure === undefined) throw new TypeError('A parameter has no argument');
      const weight = 2 + pathFactor * closure.code.weight;
      env.run.tick();
      env.run.enter(weight);
      const stopped = closure.paths()(path, value, closure.env, emit);
      env.run.leave(weight);
      return stopped;
    };
  }
  const { definition } = found;
  const link = linker(argumentsOf(definition, node.args, scope, compiler), scope, compiler);
  preparePaths(definition, node, scope, compiler);
  return (path, value, env, emit) =>
    link(value, env, outer(env, hops), (inner) => {
      env.run.tick();
      env.run.enter(definition.pathWeight);
      const stopped = definition.paths?.(path, value, inner, emit) ?? false;
      env.run.leave(definition.pathWeight);
      return stopped;
    });
}

/** Compiles the path form of a function's body, once; calls of itself inside find it when they run. */
function preparePaths(
  definition: CompiledFunction,
  node: NodeOf<'call'>,
  scope: Scope | undefined,
  compiler: Compiler,
): void {
  if (definition.paths !== undefined) return;
  definition.paths = () => false;
  compiler.code(node, scope);
  definition.pathWeight = 4 + pathFactor * (definition.code?.weight ?? 0);
  definition.paths = compiler.paths(definition.body, bodyScope(definition));
}
