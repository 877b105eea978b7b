import { hasOwn } from './intrinsics.ts';
import type { Json } from '../json.ts';
import type { Node, NodeOf } from './ast.ts';
import { codeOfMany, codeOfOne, together } from './code.ts';
import type { Code, Emit } from './code.ts';
import { resolveFunction } from './prelude.ts';
import { bindArgument, bindClosure, outer } from './runtime.ts';
import type { Closure, Env } from './runtime.ts';
import { bind, findValue, refuse } from './scope.ts';
import type { CompiledFunction, Compiler, Scope } from './scope.ts';
import { raise } from './values.ts';

/** `$name`: a variable of the expression, or a free one from the environment. */
export function compileVariable(
  node: NodeOf<'variable'>,
  scope: Scope | undefined,
  compiler: Compiler,
): Code {
  const { name } = node;
  const found = findValue(scope, 'variable', name);
  if (found !== undefined) return readLink(found.hops);
  if (name === 'ENV' || name.includes('::') || name === '__prog_args') {
    return refuse(compiler, `$${name} is not available: expressions see no environment and no modules`, node);
  }
  compiler.globals.add(name);
  return codeOfOne((_input, env) => {
    const { variables } = env.run.environment;
    const value = hasOwn(variables, name) ? variables[name] : undefined;
    return value === undefined ? raise(`$${name} is not defined`) : value;
  }, 1);
}

function readLink(hops: number): Code {
  if (hops === 0) return codeOfOne((_input, env) => env.value, 1);
  return codeOfOne((_input, env) => outer(env, hops).value, 1);
}

/** `def name(parameters): body; rest`. */
export function compileDefine(node: NodeOf<'define'>, scope: Scope | undefined, compiler: Compiler): Code {
  return compiler.code(node.body, defineFunction(node, scope));
}

/** The scope in which the function is known. */
export function defineFunction(node: NodeOf<'define'>, scope: Scope | undefined): Scope {
  const definition: CompiledFunction = {
    ...node.definition,
    scope,
    code: undefined,
    paths: undefined,
    pathWeight: 0,
    assumedOne: false,
    recursive: false,
  };
  return bind(scope, { kind: 'function', definition });
}

/** The scope of a function's body: the function itself, then its parameters. */
export function bodyScope(definition: CompiledFunction): Scope | undefined {
  let scope: Scope | undefined = bind(definition.scope, { kind: 'function', definition });
  for (const parameter of definition.parameters) {
    scope = bind(
      scope,
      parameter.startsWith('$')
        ? { kind: 'value-parameter', name: parameter.slice(1) }
        : { kind: 'parameter', name: parameter },
    );
  }
  return scope;
}

/**
 * The code of a function's body. A recursive one is first taken to have at most one output a call; if the body then
 * turns out to have more, it is compiled again without that assumption.
 */
function functionCode(definition: CompiledFunction, compiler: Compiler): Code {
  if (definition.code !== undefined) return definition.code;
  definition.assumedOne = compiler.recompilations > 0;
  const holder: Code = {
    one: definition.assumedOne ? (input, env) => holderOf(definition).one?.(input, env) : undefined,
    many: (input, env, emit) => holderOf(definition).many(input, env, emit),
    // Read when a call runs: by then the body's own weight is known.
    get weight() {
      return definition.code === holder ? 1 : holderOf(definition).weight;
    },
  };
  definition.code = holder;
  let code = compiler.code(definition.body, bodyScope(definition));
  if (definition.recursive && definition.assumedOne && code.one === undefined) {
    compiler.recompilations--;
    definition.assumedOne = false;
    definition.code = { ...holder, one: undefined, weight: 1 };
    code = compiler.code(definition.body, bodyScope(definition));
  }
  definition.code = code;
  return code;
}

function holderOf(definition: CompiledFunction): Code {
  if (definition.code === undefined) throw new TypeError('A function runs before it is compiled');
  return definition.code;
}

/** A call of a function of the expression or of an argument; undefined if the name is neither. */
export function compileCall(
  node: NodeOf<'call'>,
  scope: Scope | undefined,
  compiler: Compiler,
): Code | undefined {
  const found = resolveFunction(node.name, node.args.length, scope, compiler);
  if (found === undefined) return undefined;
  if (found.kind === 'parameter') return callArgument(found.hops);
  const { definition, hops } = found;
  const wasCompiling = definition.code !== undefined;
  const code = functionCode(definition, compiler);
  if (wasCompiling) definition.recursive = true;
  return callFunction(definition, code, hops, node.args, scope, compiler);
}

function callArgument(hops: number): Code {
  return codeOfMany((input, env, emit) => {
    const { closure } = outer(env, hops);
    if (closure === undefined) throw new TypeError('A parameter has no argument');
    const { run } = env;
    const weight = 2 + closure.code.weight;
    run.tick();
    run.enter(weight);
    const stopped = closure.code.many(input, closure.env, emit);
    run.leave(weight);
    return stopped;
  }, 2);
}

/** How an argument is bound: by name, or also by value, once for each of its outputs. */
export type Argument = { readonly code: Code; readonly byValue: boolean; readonly node: Node };

export function argumentsOf(
  definition: CompiledFunction,
  args: readonly Node[],
  scope: Scope | undefined,
  compiler: Compiler,
): readonly Argument[] {
  return args.map((node, position) => ({
    node,
    code: compiler.code(node, scope),
    byValue: definition.parameters[position]?.startsWith('$') ?? false,
  }));
}

function callFunction(
  definition: CompiledFunction,
  code: Code,
  hops: number,
  args: readonly Node[],
  scope: Scope | undefined,
  compiler: Compiler,
): Code {
  const bound = argumentsOf(definition, args, scope, compiler);
  const link = linker(bound, scope, compiler);
  const steps = 1 + (bound.length >> 2);
  const weight = 3 + together(...bound.map((argument) => argument.code));
  const isOne = code.one !== undefined && bound.every((argument) => !argument.byValue || argument.code.one);
  if (isOne) {
    return codeOfOne((input, env) => {
      const { run } = env;
      let result: Json | undefined;
      run.tick(steps);
      link(input, env, outer(env, hops), (inner) => {
        const body = holderOf(definition);
        const cost = 1 + body.weight;
        run.enter(cost);
        result = body.one?.(input, inner);
        run.leave(cost);
        return true;
      });
      return result;
    }, weight);
  }
  return codeOfMany((input, env, emit) => {
    const { run } = env;
    run.tick(steps);
    return link(input, env, outer(env, hops), (inner) => enterBody(definition, input, inner, emit));
  }, weight);
}

function enterBody(definition: CompiledFunction, input: Json, env: Env, emit: Emit): boolean {
  const body = holderOf(definition);
  const cost = 1 + body.weight;
  env.run.enter(cost);
  const stopped = body.many(input, env, emit);
  env.run.leave(cost);
  return stopped;
}

type Link = (input: Json, caller: Env, home: Env, then: (env: Env) => boolean) => boolean;

/** Puts the arguments, in the order of the parameters, on top of the links that the function was defined under. */
export function linker(args: readonly Argument[], scope: Scope | undefined, compiler: Compiler): Link {
  return args.reduceRight<Link>(
    (rest, { code, byValue, node }) => {
      let compiled: ReturnType<Closure['paths']> | undefined;
      const paths: Closure['paths'] = () => (compiled ??= compiler.paths(node, scope));
      if (!byValue) {
        return (input, caller, home, then) =>
          rest(input, caller, bindClosure(home, { code, paths, env: caller }), then);
      }
      return (input, caller, home, then) => {
        const closure = { code, paths, env: caller };
        return code.many(input, caller, (value) =>
          rest(input, caller, bindArgument(home, value, closure), then),
        );
      };
    },
    (_input, _caller, home, then) => then(home),
  );
}
