/** Evaluation of the expressions in a definition: "Runtime Expressions" of the specification, strict and loose. */
import type { Json, JsonObject } from './json.ts';
import { keysOf } from './expressions/intrinsics.ts';
import { isArray, isObject, withMember } from './expressions/values.ts';
import {
  compileExpression,
  ExpressionLimitError,
  ExpressionError,
  ExpressionSyntaxError,
  expressionSource,
  parseTemplate,
} from './expressions/index.ts';
import type { CompiledExpression, ExpressionLimits, Template } from './expressions/index.ts';

/** What expressions of one place in a definition see. */
export interface Scope {
  /** `.` */
  readonly input: Json;
  /** `$name`, by name without `$`. */
  readonly variables: JsonObject;
  /** Milliseconds since the Unix epoch; in a workflow its own clock. */
  readonly now: () => number;
  readonly limits: ExpressionLimits;
  /** Hears of the steps that each expression took. */
  readonly spent?: (steps: number) => void;
  readonly mode: 'strict' | 'loose';
}

// Compiling costs a hundred times what running costs, and definitions evaluate the same texts over and over. Workers load
// this file once for each of their threads, so these last from one execution to the next.
const maxCached = 2_000;

const compiled = bounded(compileExpression);
const compiledFields = bounded((field) => compiled(expressionSource(field).source));
/** Null for a text that is no expression. */
const compiledIfPossible = bounded(compileIfPossible);
const templates = bounded(parseTemplate);

/**
 * The value of a field whose type is an expression, bare or inside `${ }`: its first output, null when there is none.
 * Throws ExpressionError or ExpressionSyntaxError.
 */
export function evaluateExpression(field: string, scope: Scope): Json {
  return run(compiledFields(field), scope);
}

/**
 * The value with every expression in its texts evaluated, at any depth; keys stay as they are. In strict mode an
 * expression is marked by `${ }`; in loose mode any text is tried as one and stays itself if that fails.
 */
export function evaluateValue(value: Json, scope: Scope): Json {
  if (typeof value === 'string') return evaluateText(value, scope);
  if (isArray(value)) return value.map((item) => evaluateValue(item, scope));
  if (!isObject(value)) return value;
  const result: Record<string, Json> = {};
  for (const key of keysOf(value)) withMember(result, key, evaluateValue(value[key] ?? null, scope));
  return result;
}

/** What a condition counts as true: everything but false and null. */
export function isTruthy(value: Json): boolean {
  return value !== false && value !== null;
}

/**
 * The variables that the templates inside a value name, or with `expression` that an expression field names, without
 * `$`. Throws ExpressionSyntaxError; in loose mode a text that is no expression names none.
 */
export function freeVariables(
  value: Json,
  options: { readonly expression: boolean; readonly mode: 'strict' | 'loose' },
): ReadonlySet<string> {
  const names = new Set<string>();
  collectVariables(value, options, names);
  return names;
}

function collectVariables(
  value: Json,
  options: { readonly expression: boolean; readonly mode: 'strict' | 'loose' },
  names: Set<string>,
): void {
  if (typeof value === 'string') {
    for (const expression of expressionsIn(value, options)) {
      for (const name of expression.variables) names.add(name);
    }
  } else if (isArray(value)) {
    for (const item of value) collectVariables(item, { ...options, expression: false }, names);
  } else if (isObject(value)) {
    for (const key of keysOf(value)) {
      collectVariables(value[key] ?? null, { ...options, expression: false }, names);
    }
  }
}

function expressionsIn(
  text: string,
  options: { readonly expression: boolean; readonly mode: 'strict' | 'loose' },
): readonly CompiledExpression[] {
  if (options.expression) return [compiledFields(text)];
  const template = templates(text);
  switch (template.kind) {
    case 'expression':
      return [compiled(template.source)];
    case 'interpolation':
      return template.parts.flatMap((part) => (typeof part === 'string' ? [] : [compiled(part.source)]));
    case 'literal': {
      const expression = options.mode === 'loose' ? compiledIfPossible(text) : null;
      return expression === null ? [] : [expression];
    }
  }
}

function compileIfPossible(text: string): CompiledExpression | null {
  try {
    return compiled(text);
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) return null;
    throw error;
  }
}

function evaluateText(text: string, scope: Scope): Json {
  const template = templates(text);
  switch (template.kind) {
    case 'expression':
      return run(compiled(template.source), scope);
    case 'interpolation':
      return interpolate(template, scope);
    case 'literal':
      return scope.mode === 'loose' ? evaluateLoosely(text, scope) : text;
  }
}

function interpolate(template: Extract<Template, { kind: 'interpolation' }>, scope: Scope): string {
  return template.parts
    .map((part) => {
      if (typeof part === 'string') return part;
      const value = run(compiled(part.source), scope);
      return typeof value === 'string' ? value : JSON.stringify(value);
    })
    .join('');
}

function evaluateLoosely(text: string, scope: Scope): Json {
  const expression = compiledIfPossible(text);
  if (expression === null) return text;
  try {
    return run(expression, scope);
  } catch (error) {
    if (error instanceof ExpressionError && !(error instanceof ExpressionLimitError)) return text;
    throw error;
  }
}

function run(expression: CompiledExpression, scope: Scope): Json {
  return expression.first(scope.input, scope) ?? null;
}

/** Remembers the results of the last texts that were asked for: between one and two times `maxCached` of them. */
function bounded<Result>(make: (text: string) => Result): (text: string) => Result {
  let recent = new Map<string, Result>();
  let older = new Map<string, Result>();
  return (text) => {
    let result = recent.get(text);
    if (result !== undefined) return result;
    result = older.get(text) ?? make(text);
    if (recent.size >= maxCached) {
      older = recent;
      recent = new Map();
    }
    recent.set(text, result);
    return result;
  };
}
