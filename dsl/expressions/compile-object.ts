import type { Json } from '../json.ts';
import type { Node, NodeOf } from './ast.ts';
import { codeOfMany, codeOfOne, heaviest, together } from './code.ts';
import type { Code, Emit, One } from './code.ts';
import type { Env } from './runtime.ts';
import { refuse } from './scope.ts';
import type { Compiler, Scope } from './scope.ts';
import { describe, raise, typeName, withMember } from './values.ts';

interface Entry {
  readonly key: Code;
  readonly value: Code;
}

/** `{…}`: one object for every combination; the first entry varies slowest. */
export function compileObject(node: NodeOf<'object'>, scope: Scope | undefined, compiler: Compiler): Code {
  const entries = node.entries.map((entry): Entry => {
    const key = compiler.code(entry.key, scope);
    refuseConstantKey(entry.key, compiler);
    return { key, value: compiler.code(entry.value, scope) };
  });
  const parts = entries.flatMap((entry) => [entry.key, entry.value]);
  const simple = simpleEntries(entries);
  if (simple !== undefined) return codeOfOne(simpleObject(simple), 1 + heaviest(...parts));
  const from = (
    at: number,
    made: Readonly<Record<string, Json>>,
    input: Json,
    env: Env,
    emit: Emit,
  ): boolean => {
    const entry = entries[at];
    env.run.tick();
    if (entry === undefined) return emit(made);
    return entry.key.many(input, env, (key) =>
      entry.value.many(input, env, (value) => {
        const next = { ...made };
        env.run.tick(1 + at);
        withMember(next, keyText(key, env), value);
        return from(at + 1, next, input, env, emit);
      }),
    );
  };
  return codeOfMany(
    (input, env, emit) => from(0, {}, input, env, emit),
    4 * entries.length + together(...parts),
  );
}

function refuseConstantKey(node: Node, compiler: Compiler): void {
  const key = withoutIdentity(node);
  if (!isConstant(key) || key.kind === 'string') return;
  const what = key.kind === 'literal' ? typeName(key.value) : key.kind === 'call' ? key.name : key.kind;
  if (what !== 'string') refuse(compiler, `Cannot use ${what} as object key`, node);
}

/** What jq takes for a constant when it compiles: a literal, or an array or object of such. */
function isConstant(node: Node): boolean {
  const bare = withoutIdentity(node);
  switch (bare.kind) {
    case 'literal':
      return true;
    case 'call':
      return bare.args.length === 0 && ['null', 'true', 'false'].includes(bare.name);
    case 'string':
      return bare.parts.every((part) => typeof part === 'string');
    case 'array': {
      const { body } = bare;
      if (body === undefined) return true;
      return body.kind === 'comma' ? body.items.every(isConstant) : isConstant(body);
    }
    case 'object':
      return bare.entries.every(({ key, value }) => isConstant(key) && isConstant(value));
    default:
      return false;
  }
}

/** The node itself where all that it is piped from and into is `.`; definitions that stand before it do not count. */
function withoutIdentity(node: Node): Node {
  if (node.kind === 'define') return withoutIdentity(node.body);
  if (node.kind !== 'pipe') return node;
  const [only, ...others] = node.stages.filter(({ kind }) => kind !== 'identity');
  return only === undefined || others.length > 0 ? node : withoutIdentity(only);
}

function simpleEntries(entries: readonly Entry[]): readonly (readonly [One, One])[] | undefined {
  const simple: (readonly [One, One])[] = [];
  for (const { key, value } of entries) {
    if (key.one === undefined || value.one === undefined) return undefined;
    simple.push([key.one, value.one]);
  }
  return simple;
}

function simpleObject(entries: readonly (readonly [One, One])[]): One {
  return (input, env) => {
    const made: Record<string, Json> = {};
    env.run.tick(1 + entries.length);
    for (const [keyOf, valueOf] of entries) {
      const key = keyOf(input, env);
      const value = key === undefined ? undefined : valueOf(input, env);
      if (key === undefined || value === undefined) return undefined;
      withMember(made, keyText(key, env), value);
    }
    return made;
  };
}

function keyText(key: Json, env: Env): string {
  if (typeof key !== 'string') return raise(`Cannot use ${describe(key, env.run)} as object key`);
  env.run.tickKey(key);
  return key;
}
