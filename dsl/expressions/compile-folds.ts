import type { Json } from '../json.ts';
import type { NodeOf } from './ast.ts';
import { codeOfMany, codeOfOne, heaviest, together } from './code.ts';
import type { Code } from './code.ts';
import { compilePatterns } from './patterns.ts';
import { bindValue } from './runtime.ts';
import type { Env } from './runtime.ts';
import type { Compiler, Scope } from './scope.ts';

/** `a as $x | b`, with destructuring and `?//`. */
export function compileBind(node: NodeOf<'bind'>, scope: Scope | undefined, compiler: Compiler): Code {
  const source = compiler.code(node.source, scope);
  const binder = compilePatterns(node.patterns, scope, compiler);
  const body = compiler.code(node.body, binder.scope);
  const from = source.one;
  const simple = body.one;
  if (binder.plain && from !== undefined && simple !== undefined) {
    return codeOfOne(
      (input, env) => {
        const value = from(input, env);
        env.run.tick();
        return value === undefined ? undefined : simple(input, bindValue(env, value));
      },
      1 + heaviest(source, body),
    );
  }
  return codeOfMany(
    (input, env, emit) =>
      source.many(input, env, (value) => {
        env.run.tick();
        return binder.run(value, env, (inner) => body.many(input, inner, emit));
      }),
    3 + binder.weight + together(source, body),
  );
}

/** `reduce a as $x (init; update)`: the last output of each update goes on; without one, null does. */
export function compileReduce(node: NodeOf<'reduce'>, scope: Scope | undefined, compiler: Compiler): Code {
  const source = compiler.code(node.source, scope);
  const binder = compilePatterns(node.patterns, scope, compiler);
  const init = compiler.code(node.init, scope);
  const update = compiler.code(node.update, binder.scope);
  const fold = (start: Json, input: Json, env: Env): Json => {
    let state = start;
    const { run } = env;
    run.tick();
    source.many(input, env, (value) => {
      run.tick();
      return binder.run(value, env, (inner) => {
        state = lastOutput(update, state, inner);
        return false;
      });
    });
    return state;
  };
  const weight = 4 + binder.weight + together(source, init, update);
  const begin = init.one;
  if (begin === undefined) {
    return codeOfMany(
      (input, env, emit) => init.many(input, env, (start) => emit(fold(start, input, env))),
      weight,
    );
  }
  return codeOfOne((input, env) => {
    const start = begin(input, env);
    return start === undefined ? undefined : fold(start, input, env);
  }, weight);
}

function lastOutput(update: Code, state: Json, env: Env): Json {
  if (update.one !== undefined) return update.one(state, env) ?? null;
  let last: Json = null;
  update.many(state, env, (value) => {
    last = value;
    return false;
  });
  return last;
}

/** `foreach a as $x (init; update; extract)`: every output of each update, through `extract`. */
export function compileForeach(node: NodeOf<'foreach'>, scope: Scope | undefined, compiler: Compiler): Code {
  const source = compiler.code(node.source, scope);
  const binder = compilePatterns(node.patterns, scope, compiler);
  const init = compiler.code(node.init, scope);
  const update = compiler.code(node.update, binder.scope);
  const extract = node.extract === undefined ? undefined : compiler.code(node.extract, binder.scope);
  return codeOfMany(
    (input, env, emit) =>
      init.many(input, env, (start) => {
        let state = start;
        return source.many(input, env, (value) => {
          env.run.tick();
          return binder.run(value, env, (inner) => {
            const from = state;
            // An update without an output leaves null for the next one.
            state = null;
            return update.many(from, inner, (output) => {
              state = output;
              return extract === undefined ? emit(output) : extract.many(output, inner, emit);
            });
          });
        });
      }),
    8 + binder.weight + together(source, init, update, extract),
  );
}
