import type { Json } from '../../json.ts';
import type { NodeOf } from '../ast.ts';
import { codeOfMany, codeOfOne } from '../code.ts';
import type { Code, Emit, Paths } from '../code.ts';
import { combine } from '../compile-basics.ts';
import type { Env, Run } from '../runtime.ts';
import type { Compiler, Scope } from '../scope.ts';

/** A call of a built-in, with its arguments compiled as they are asked for. */
export interface Call {
  readonly node: NodeOf<'call'>;
  readonly scope: Scope | undefined;
  readonly compiler: Compiler;
  code(argument: number): Code;
  paths(argument: number): Paths;
}

/** How a built-in is compiled. One without a path form makes values that are not part of its input. */
export interface Builtin {
  code(call: Call): Code;
  paths?(call: Call): Paths;
}

/** Built-ins by `name/arity`. */
export type Builtins = Readonly<Record<string, Builtin>>;

/** A function of the input and of one value for each argument. */
export type Native = (input: Json, args: readonly Json[], run: Run) => Json;

/** Built-ins that are plain functions, called for every combination of their arguments, the first varying fastest. */
export function natives(functions: Readonly<Record<string, Native>>): Builtins {
  const builtins: Record<string, Builtin> = {};
  for (const [signature, native] of Object.entries(functions)) {
    builtins[signature] = {
      code: (call) => {
        if (call.node.args.length === 0) return nativeOfInput(native);
        const args = call.node.args.map((_, position) => call.code(position));
        const apply = (values: readonly Json[], env: Env): Json =>
          native(values.at(-1) ?? null, values, env.run);
        // The input goes along as one more part: it is what every argument is evaluated on.
        return combine([...args, identity], apply);
      },
    };
  }
  return builtins;
}

function nativeOfInput(native: Native): Code {
  return codeOfOne((input, env) => {
    env.run.tick();
    return native(input, [], env.run);
  }, 3);
}

const identity: Code = {
  one: (input) => input,
  many: (input, _env, emit) => emit(input),
  weight: 1,
};

/** Runs `then` with every value of an argument. */
export function forEachValue(code: Code, input: Json, env: Env, then: Emit): boolean {
  const value = code.one?.(input, env);
  if (code.one !== undefined) return value !== undefined && then(value);
  return code.many(input, env, then);
}

/** A generator with that much weight of its own beside its arguments'. */
export function generator(
  run: (input: Json, env: Env, emit: Emit) => boolean,
  args: readonly Code[],
  own = 4,
): Code {
  return codeOfMany(
    run,
    args.reduce((sum, code) => sum + code.weight, own),
  );
}
