import type { Json } from '../json.ts';
import type { NodeOf } from './ast.ts';
import { codeOfConstant, codeOfMany, codeOfOne, heaviest, onesOf, together } from './code.ts';
import type { Code, Emit } from './code.ts';
import { formatter } from './formats.ts';
import type { Env } from './runtime.ts';
import type { Compiler, Scope } from './scope.ts';

/** `a | b`. */
export function compilePipe(node: NodeOf<'pipe'>, scope: Scope | undefined, compiler: Compiler): Code {
  return pipeOf(node.stages.map((stage) => compiler.code(stage, scope)));
}

// Short pipes such as `.a.b` take no step; a long text of nothing else would cost far more than the steps around it.
const maxUncounted = 3;

/** Each code on the outputs of the one before. */
export function pipeOf(stages: readonly Code[]): Code {
  // From the right, so that neighbours without a second output become one plain call.
  return stages.reduceRight((rest, stage) => pipeTwo(stage, rest));
}

function pipeTwo(left: Code, right: Code): Code {
  const first = left.one;
  const second = right.one;
  if (first !== undefined && second !== undefined) {
    const deeper = 1 + heaviest(left, right);
    if (deeper > maxUncounted) {
      return codeOfOne((input, env) => {
        const value = first(input, env);
        env.run.tick();
        return value === undefined ? undefined : second(value, env);
      }, deeper);
    }
    return codeOfOne((input, env) => {
      const value = first(input, env);
      return value === undefined ? undefined : second(value, env);
    }, deeper);
  }
  const feed = left.many;
  const rest = right.many;
  const weight = 2 + together(left, right);
  if (first !== undefined) {
    return codeOfMany((input, env, emit) => {
      const value = first(input, env);
      return value !== undefined && rest(value, env, emit);
    }, weight);
  }
  if (second !== undefined) {
    return codeOfMany(
      (input, env, emit) =>
        feed(input, env, (value) => {
          const result = second(value, env);
          return result !== undefined && emit(result);
        }),
      weight,
    );
  }
  return codeOfMany((input, env, emit) => feed(input, env, (value) => rest(value, env, emit)), weight);
}

/** `a, b`. */
export function compileComma(node: NodeOf<'comma'>, scope: Scope | undefined, compiler: Compiler): Code {
  const items = node.items.map((item) => compiler.code(item, scope));
  return codeOfMany(
    (input, env, emit) => {
      env.run.tick(items.length);
      for (const item of items) if (item.many(input, env, emit)) return true;
      return false;
    },
    1 + heaviest(...items),
  );
}

/** `[…]`. */
export function compileArray(node: NodeOf<'array'>, scope: Scope | undefined, compiler: Compiler): Code {
  if (node.body === undefined) return codeOfConstant([]);
  const body = compiler.code(node.body, scope);
  return codeOfOne(body.list ?? ((input, env) => collect(body, input, env)), 2 + body.weight);
}

/** Every output in an array. */
export function collect(code: Code, input: Json, env: Env): Json[] {
  const { run } = env;
  const values: Json[] = [];
  run.tick();
  code.many(input, env, (value) => {
    run.tick();
    values.push(value);
    return false;
  });
  run.checkItems(values.length);
  return values;
}

/** A string with interpolations, each through the format before the string, or as text. */
export function compileString(node: NodeOf<'string'>, scope: Scope | undefined, compiler: Compiler): Code {
  const format = formatter(node.format ?? '@text', node, compiler);
  const parts = node.parts.map((part) =>
    typeof part === 'string' ? codeOfConstant(part) : compiler.code(part, scope),
  );
  const isText = node.parts.map((part) => typeof part === 'string');
  const asText = (value: Json, index: number, env: Env): string =>
    isText[index] === true && typeof value === 'string' ? value : format(value, env.run);
  const joined = (values: readonly Json[], env: Env): string => {
    let text = '';
    for (let index = 0; index < values.length; index++) {
      text += asText(values[index] ?? null, index, env);
      env.run.checkText(text.length);
    }
    return text;
  };
  return combine(parts, joined);
}

/**
 * One output for every combination of the parts' outputs; the first part varies fastest, as jq evaluates operands from
 * the right.
 */
export function combine(parts: readonly Code[], join: (values: readonly Json[], env: Env) => Json): Code {
  const ones = onesOf(parts);
  if (ones !== undefined) {
    // Copied and filled from the right: much cheaper than an array that grows from there.
    const blank = ones.map((): Json => null);
    return codeOfOne(
      (input, env) => {
        const values = blank.slice();
        for (let index = ones.length - 1; index >= 0; index--) {
          const value = ones[index]?.(input, env);
          if (value === undefined) return undefined;
          values[index] = value;
        }
        env.run.tick(ones.length);
        return join(values, env);
      },
      2 + heaviest(...parts),
    );
  }
  const last = parts.length - 1;
  const from = (index: number, values: readonly Json[], input: Json, env: Env, emit: Emit): boolean => {
    const part = parts[index];
    env.run.tick();
    if (part === undefined) return emit(join(values, env));
    return part.many(input, env, (value) => from(index - 1, [value, ...values], input, env, emit));
  };
  return codeOfMany(
    (input, env, emit) => from(last, [], input, env, emit),
    2 * parts.length + together(...parts),
  );
}
