import type { Json } from '../json.ts';
import { operations } from './arithmetic.ts';
import type { Operation } from './arithmetic.ts';
import type { Node, NodeOf } from './ast.ts';
import { codeOfConstant, codeOfMany, codeOfOne, heaviest, together } from './code.ts';
import type { Code, One } from './code.ts';
import { pipeOf } from './compile-basics.ts';
import type { Compiler, Scope } from './scope.ts';
import { describe, isTruthy, raise } from './values.ts';

/** A binary operator other than an update. */
export function compileBinary(node: NodeOf<'binary'>, scope: Scope | undefined, compiler: Compiler): Code {
  const { operator } = node;
  const left = compiler.code(node.left, scope);
  const right = compiler.code(node.right, scope);
  if (operator === 'and' || operator === 'or') return compileLogic(left, right, operator === 'or');
  if (operator === '//') return compileAlternative(left, right);
  const operation: Operation = operations[operator];
  const weight = 2 + together(left, right);
  if (left.one !== undefined && right.one !== undefined) {
    return codeOfOne(binaryOne(operator, operation, left.one, right), 1 + heaviest(left, right));
  }
  return codeOfMany(
    (input, env, emit) =>
      right.many(input, env, (b) =>
        left.many(input, env, (a) => {
          env.run.tick();
          return emit(operation(a, b, env.run));
        }),
      ),
    weight,
  );
}

function binaryOne(operator: string, operation: Operation, left: One, right: Code): One {
  const { constant, one } = right;
  if (typeof constant === 'number' && operator === '+') {
    return (input, env) => {
      const a = left(input, env);
      env.run.tick();
      if (typeof a === 'number') return a + constant;
      return a === undefined ? undefined : operation(a, constant, env.run);
    };
  }
  if (constant !== undefined) {
    return (input, env) => {
      const a = left(input, env);
      env.run.tick();
      return a === undefined ? undefined : operation(a, constant, env.run);
    };
  }
  return (input, env) => {
    const b = one?.(input, env);
    const a = b === undefined ? undefined : left(input, env);
    env.run.tick();
    return a === undefined || b === undefined ? undefined : operation(a, b, env.run);
  };
}

/** `and`, `or`: the right side is asked only when the left one does not decide. */
function compileLogic(left: Code, right: Code, deciding: boolean): Code {
  const a = left.one;
  const b = right.one;
  if (a !== undefined && b !== undefined) {
    return codeOfOne(
      (input, env) => {
        const value = a(input, env);
        env.run.tick();
        if (value === undefined) return undefined;
        if (isTruthy(value) === deciding) return deciding;
        const other = b(input, env);
        return other === undefined ? undefined : isTruthy(other);
      },
      1 + heaviest(left, right),
    );
  }
  return codeOfMany(
    (input, env, emit) =>
      left.many(input, env, (value) => {
        env.run.tick();
        if (isTruthy(value) === deciding) return emit(deciding);
        return right.many(input, env, (other) => emit(isTruthy(other)));
      }),
    3 + together(left, right),
  );
}

/** `a // b`: the outputs of `a` that are neither null nor false, or if there are none those of `b`. Errors pass. */
function compileAlternative(left: Code, right: Code): Code {
  const a = left.one;
  const b = right.one;
  if (a !== undefined && b !== undefined) {
    return codeOfOne(
      (input, env) => {
        const value = a(input, env);
        env.run.tick();
        return value !== undefined && isTruthy(value) ? value : b(input, env);
      },
      1 + heaviest(left, right),
    );
  }
  return codeOfMany(
    (input, env, emit) => {
      let found = false;
      env.run.tick();
      const stopped = left.many(input, env, (value) => {
        if (!isTruthy(value)) return false;
        found = true;
        return emit(value);
      });
      return stopped || (!found && right.many(input, env, emit));
    },
    2 + heaviest(left, right),
  );
}

/** `-a`: like jq's, that of 0 is 0 and not -0. */
export function compileNegate(node: NodeOf<'negate'>, scope: Scope | undefined, compiler: Compiler): Code {
  const folded = negativeLiteral(node.operand);
  if (folded !== undefined) return codeOfConstant(folded);
  const negate = codeOfOne((value, env) => {
    env.run.tick();
    return typeof value === 'number' ? 0 - value : raise(`${describe(value, env.run)} cannot be negated`);
  }, 1);
  return pipeOf([compiler.code(node.operand, scope), negate]);
}

function negativeLiteral(operand: Node): Json | undefined {
  if (operand.kind !== 'literal' || typeof operand.value !== 'number') return undefined;
  // jq's literal -0 is 0.
  return operand.value === 0 ? 0 : -operand.value;
}
