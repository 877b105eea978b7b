/** Evaluation of the expressions in a definition: "Runtime Expressions" of the specification, strict and loose. */
import { isJsonObject } from './json.ts';
import type { Json, JsonObject } from './json.ts';
import { withMember } from './expressions/values.ts';
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

// Parsing costs a hundred times what running costs, and a loop in a definition evaluates the same texts over and over.
// The bound keeps a worker that sees many definitions from growing; the sandbox has one cache for each workflow.
const maxCached = 1_000;

const compiled = bounded(compileExpression);
const templates = bounded(parseTemplate);

/**
 * The value of a field whose type is an expression, bare or inside `${ }`: its first output, null when there is none.
 * Throws ExpressionError or ExpressionSyntaxError.
 */
export function evaluateExpression(field: string, scope: Scope): Json {
  return run(compiled(expressionSource(field).source), scope);
}

/**
 * The value with every expression in its texts evaluated, at any depth; keys stay as they are. In strict mode an
 * expression is marked by `${ }`; in loose mode any text is tried as one and stays itself if that fails.
 */
export function evaluateValue(value: Json, scope: Scope): Json {
  if (typeof value === 'string') return evaluateText(value, scope);
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => evaluateValue(item, scope));
  if (!isJsonObject(value)) return value;
  const result: Record<string, Json> = {};
  for (const key of Object.keys(value)) withMember(result, key, evaluateValue(value[key] ?? null, scope));
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
    for (const source of sourcesIn(value, options)) {
      for (const name of compiled(source).variables) names.add(name);
    }
  } else if (Array.isArray(value)) {
    for (const item of value as readonly Json[])
      collectVariables(item, { ...options, expression: false }, names);
  } else if (isJsonObject(value)) {
    for (const key of Object.keys(value)) {
      collectVariables(value[key] ?? null, { ...options, expression: false }, names);
    }
  }
}

function sourcesIn(
  text: string,
  options: { readonly expression: boolean; readonly mode: 'strict' | 'loose' },
): readonly string[] {
  if (options.expression) return [expressionSource(text).source];
  const template = templates(text);
  switch (template.kind) {
    case 'expression':
      return [template.source];
    case 'interpolation':
      return template.parts.flatMap((part) => (typeof part === 'string' ? [] : [part.source]));
    case 'literal':
      return options.mode === 'loose' && isExpression(text) ? [text] : [];
  }
}

function isExpression(text: string): boolean {
  try {
    compiled(text);
    return true;
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) return false;
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
  try {
    return run(compiled(text), scope);
  } catch (error) {
    const isNoExpression = error instanceof ExpressionSyntaxError || error instanceof ExpressionError;
    if (isNoExpression && !(error instanceof ExpressionLimitError)) return text;
    throw error;
  }
}

function run(expression: CompiledExpression, scope: Scope): Json {
  return expression.first(scope.input, scope) ?? null;
}

/** Remembers the results of the last texts that were asked for. */
function bounded<Result>(make: (text: string) => Result): (text: string) => Result {
  const known = new Map<string, Result>();
  return (text) => {
    let result = known.get(text);
    if (result === undefined) {
      result = make(text);
      // A Map keeps the order of insertion: its first key is the oldest.
      for (const oldest of known.keys()) {
        if (known.size < maxCached) break;
        known.delete(oldest);
      }
    } else known.delete(text);
    known.set(text, result);
    return result;
  };
}
