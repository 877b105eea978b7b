import type { Json } from '../json.ts';
import { index } from './access.ts';
import { hasOwn } from './intrinsics.ts';
import type { Pattern } from './ast.ts';
import type { Code } from './code.ts';
import { caughtValue, throwSteps } from './guard.ts';
import { bindValue } from './runtime.ts';
import type { Env } from './runtime.ts';
import { bind } from './scope.ts';
import type { Compiler, Scope } from './scope.ts';
import { describe, raise, typeName } from './values.ts';

/** What `as` binds: the scope of the body, and how a value becomes the run-time links of that scope. */
export interface Binder {
  readonly scope: Scope | undefined;
  /**
   * Runs `body` for every way to take the value apart. With `?//` an error of it leads to the next pattern, and so
   * does, as in jq, an error of what consumes its outputs.
   */
  run(value: Json, env: Env, body: Body): boolean;
  /** Set for a plain `$name`: the value is the one link. */
  readonly plain: boolean;
  readonly weight: number;
}

/** What is done with the bound variables. */
type Body = (env: Env) => boolean;

type Values = Readonly<Record<string, Json>>;
type Take = (value: Json, taken: Values, env: Env, next: (taken: Values) => boolean) => boolean;

/** Compiles the patterns of one `as`. All variables of all alternatives exist in the body, null where not bound. */
export function compilePatterns(
  patterns: readonly Pattern[],
  scope: Scope | undefined,
  compiler: Compiler,
): Binder {
  const names = new Set<string>();
  for (const pattern of patterns) collectNames(pattern, names);
  let inner = scope;
  for (const name of names) inner = bind(inner, { kind: 'variable', name });
  const [only] = patterns;
  if (patterns.length === 1 && only?.kind === 'variable') {
    return {
      scope: inner,
      plain: true,
      weight: 1,
      run: (value, env, body) => body(bindValue(env, value)),
    };
  }
  const weigh = { weight: 4, names: names.size };
  const takes = patterns.map((pattern) => compilePattern(pattern, scope, compiler, weigh));
  const attempt = (at: number, value: Json, env: Env, body: Body): boolean => {
    const take = takes[at];
    if (take === undefined) return false;
    const { depth } = env.run;
    try {
      return take(value, {}, env, (taken) => body(linksOf(names, taken, env)));
    } catch (error) {
      if (at === takes.length - 1) throw error;
      caughtValue(error, env.run);
      // Most of such an error's way is through what consumes the outputs: it passes many places that count nothing.
      env.run.tick(2 * throwSteps);
    }
    env.run.depth = depth;
    return attempt(at + 1, value, env, body);
  };
  return {
    scope: inner,
    plain: false,
    weight: weigh.weight + 6 * patterns.length,
    run: (value, env, body) => attempt(0, value, env, body),
  };
}

function linksOf(names: ReadonlySet<string>, taken: Values, env: Env): Env {
  let inner = env;
  for (const name of names) inner = bindValue(inner, taken[`$${name}`] ?? null);
  return inner;
}

function collectNames(pattern: Pattern, names: Set<string>): void {
  switch (pattern.kind) {
    case 'variable':
      names.add(pattern.name);
      return;
    case 'array':
      for (const item of pattern.items) collectNames(item, names);
      return;
    case 'object':
      for (const entry of pattern.entries) {
        if (entry.variable !== undefined) names.add(entry.variable);
        if (entry.pattern !== undefined) collectNames(entry.pattern, names);
      }
  }
}

function compilePattern(
  pattern: Pattern,
  scope: Scope | undefined,
  compiler: Compiler,
  weigh: { weight: number; readonly names: number },
): Take {
  weigh.weight += 3;
  switch (pattern.kind) {
    case 'variable': {
      // The sign keeps a variable called __proto__ an ordinary key.
      const name = `$${pattern.name}`;
      const steps = weigh.names >> 2;
      return (value, taken, env, next) => {
        env.run.tick(steps);
        // Of two with the same name the one that is bound first counts.
        return next(hasOwn(taken, name) ? taken : { ...taken, [name]: value });
      };
    }
    case 'array':
      // From the last item to the first, as jq does it: of two mistakes the later one is found.
      return sequence(
        pattern.items
          .map<Take>((item, position) => {
            const take = compilePattern(item, scope, compiler, weigh);
            return (value, taken, env, next) => take(index(value, position, env.run), taken, env, next);
          })
          .reverse(),
      );
    case 'object':
      return sequence(
        pattern.entries.map((entry) => {
          const key = compiler.code(entry.key, scope);
          weigh.weight += key.weight;
          const take =
            entry.pattern === undefined ? undefined : compilePattern(entry.pattern, scope, compiler, weigh);
          return takeMember(key, entry.variable, take, 1 + (weigh.names >> 2));
        }),
      );
  }
}

function takeMember(key: Code, variable: string | undefined, take: Take | undefined, steps: number): Take {
  return (value, taken, env, next) =>
    key.many(value, env, (name) => {
      env.run.tick(steps);
      if (typeof name !== 'string') raise(`Cannot index ${typeName(value)} with ${describe(name, env.run)}`);
      const found = index(value, name, env.run);
      const sign = variable === undefined ? undefined : `$${variable}`;
      const kept = sign === undefined || hasOwn(taken, sign) ? taken : { ...taken, [sign]: found };
      return take === undefined ? next(kept) : take(found, kept, env, next);
    });
}

function sequence(takes: readonly Take[]): Take {
  return takes.reduceRight<Take>(
    (rest, take) => (value, taken, env, next) =>
      take(value, taken, env, (more) => rest(value, more, env, next)),
    (_value, taken, _env, next) => next(taken),
  );
}
