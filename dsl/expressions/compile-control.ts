import type { NodeOf } from './ast.ts';
import { codeOfMany, codeOfOne, heaviest, together } from './code.ts';
import type { Code } from './code.ts';
import { caughtValue, guarded, throwSteps } from './guard.ts';
import { bindValue, BreakSignal, outer } from './runtime.ts';
import { bind, findValue, refuse } from './scope.ts';
import type { Compiler, Scope } from './scope.ts';
import { isTruthy } from './values.ts';

/** `if … then … elif … else … end`; without `else` the input passes. */
export function compileIf(node: NodeOf<'if'>, scope: Scope | undefined, compiler: Compiler): Code {
  const otherwise =
    node.otherwise === undefined ? codeOfOne((input) => input, 1) : compiler.code(node.otherwise, scope);
  return node.branches.reduceRight(
    (rest, branch) => choose(compiler.code(branch.condition, scope), compiler.code(branch.then, scope), rest),
    otherwise,
  );
}

function choose(condition: Code, then: Code, otherwise: Code): Code {
  const test = condition.one;
  const whenTrue = then.one;
  const whenFalse = otherwise.one;
  if (test === undefined) {
    return codeOfMany(
      (input, env, emit) =>
        condition.many(input, env, (value) => {
          env.run.tick();
          return (isTruthy(value) ? then : otherwise).many(input, env, emit);
        }),
      2 + condition.weight + heaviest(then, otherwise),
    );
  }
  const weight = 1 + heaviest(condition, then, otherwise);
  if (whenTrue !== undefined && whenFalse !== undefined) {
    return codeOfOne((input, env) => {
      const value = test(input, env);
      env.run.tick();
      if (value === undefined) return undefined;
      return isTruthy(value) ? whenTrue(input, env) : whenFalse(input, env);
    }, weight);
  }
  return codeOfMany((input, env, emit) => {
    const value = test(input, env);
    env.run.tick();
    return value !== undefined && (isTruthy(value) ? then : otherwise).many(input, env, emit);
  }, weight);
}

/** `try a catch b`, `a?`. */
export function compileTry(node: NodeOf<'try'>, scope: Scope | undefined, compiler: Compiler): Code {
  const body = compiler.code(node.body, scope);
  const handler = node.handler === undefined ? undefined : compiler.code(node.handler, scope);
  const attempt = body.one;
  const rescue = handler?.one;
  if (attempt !== undefined && (handler === undefined || rescue !== undefined)) {
    return codeOfOne(
      (input, env) => {
        const { depth } = env.run;
        try {
          return attempt(input, env);
        } catch (error) {
          const value = caughtValue(error, env.run);
          env.run.depth = depth;
          return rescue?.(value, env);
        }
      },
      1 + heaviest(body, handler),
    );
  }
  return codeOfMany(
    (input, env, emit) => {
      const { depth } = env.run;
      return guarded(
        env.run,
        (guard) => body.many(input, env, (value) => guard(() => emit(value))),
        (error) => {
          const value = caughtValue(error, env.run);
          env.run.depth = depth;
          return handler !== undefined && handler.many(value, env, emit);
        },
      );
    },
    5 + together(body, handler),
  );
}

/** `label $name | a`. */
export function compileLabel(node: NodeOf<'label'>, scope: Scope | undefined, compiler: Compiler): Code {
  const body = compiler.code(node.body, bind(scope, { kind: 'label', name: node.name }));
  const simple = body.one;
  if (simple !== undefined) {
    return codeOfOne((input, env) => {
      const label = bindValue(env, env.run.nextLabel());
      const { depth } = env.run;
      try {
        return simple(input, label);
      } catch (signal) {
        env.run.tick(throwSteps);
        if (!(signal instanceof BreakSignal) || signal.label !== label) throw signal;
        env.run.depth = depth;
        return undefined;
      }
    }, 1 + body.weight);
  }
  return codeOfMany((input, env, emit) => {
    const label = bindValue(env, env.run.nextLabel());
    const { depth } = env.run;
    try {
      return body.many(input, label, emit);
    } catch (signal) {
      env.run.tick(throwSteps);
      if (!(signal instanceof BreakSignal) || signal.label !== label) throw signal;
      env.run.depth = depth;
      return false;
    }
  }, 1 + body.weight);
}

/** `break $name`. */
export function compileBreak(node: NodeOf<'break'>, scope: Scope | undefined, compiler: Compiler): Code {
  const found = findValue(scope, 'label', node.name);
  if (found === undefined) return refuse(compiler, `$*label-${node.name} is not defined`, node);
  return codeOfOne((_input, env) => {
    env.run.tick();
    throw new BreakSignal(outer(env, found.hops));
  }, 1);
}
