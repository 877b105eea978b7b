/** Expressions inside the engine: the language's evaluator with the workflow's clock, limits and faults. */
import { standardFault } from '../../dsl/errors.ts';
import { evaluateExpression, evaluateValue, type Scope } from '../../dsl/evaluate.ts';
import { ExpressionError } from '../../dsl/expressions/index.ts';
import { durationMs } from '../../dsl/duration.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';
import { schemaDocument } from '../../dsl/resources.ts';
import { schemaViolations } from '../../dsl/schema.ts';
import type { Duration, Schema } from '../../dsl/types.ts';
import type { Execution } from './execution.ts';

/** What expressions see when they run on `input`. `$context`, `$workflow` and `$runtime` are always there. */
export function scopeOf(execution: Execution, input: Json, variables: JsonObject): Scope {
  return {
    input,
    // Assigned, not spread: the bundle's spread costs more than most expressions.
    variables: Object.assign({ context: execution.position.context }, execution.descriptors, variables),
    now: Date.now,
    limits: execution.expressionLimits,
    spent: execution.pacing.spend,
    mode: execution.mode,
  };
}

/** Runs an evaluation; its failure becomes a fault of the task or part of the definition at `instance`. */
function faulting<T>(instance: string, evaluate: () => T): T {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof ExpressionError)
      throw standardFault('expression', instance, error.message, { cause: error });
    throw error;
  }
}

/** An expression field, bare or inside `${ }`. */
export function expression(text: string, scope: Scope, instance: string): Json {
  return faulting(instance, () => evaluateExpression(text, scope));
}

/** Every expression inside a value. */
export function value(template: Json, scope: Scope, instance: string): Json {
  return faulting(instance, () => evaluateValue(template, scope));
}

/** `input.from`, `output.as` and `export.as`: an expression, or an object with expressions inside. */
export function transform(template: string | JsonObject, scope: Scope, instance: string): Json {
  return typeof template === 'string'
    ? expression(template, scope, instance)
    : value(template, scope, instance);
}

/** A duration in milliseconds, whichever way it is written. */
export function duration(written: Duration, scope: Scope, instance: string): number {
  const given = typeof written === 'string' ? value(written, scope, instance) : (written as JsonObject);
  try {
    return durationMs(given as Duration);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw standardFault('expression', instance, detail, { cause: error });
  }
}

/** Faults with type `validation` where the value breaks the schema. `what` names the value in the error. */
export function validate(
  { start }: Execution,
  schema: Schema | undefined,
  checked: Json,
  what: string,
  instance: string,
): void {
  const document = schemaDocument(schema, start.definition.resources);
  if (document === undefined) return;
  const [first, ...others] = schemaViolations(document, checked);
  if (first === undefined) return;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  throw standardFault('validation', instance, `${what}${first.pointer}: ${first.message}${more}`);
}
