/** Whether an event is one that a filter describes ("Event Filter", "Correlation"). */
import { ExpressionError } from '../expressions/index.ts';
import { canonicalJson } from '../json.ts';
import type { Json } from '../json.ts';
import type { Correlation, EventFilter } from '../types.ts';
import type { CloudEvent } from './cloud-event.ts';

/** How a filter's expressions are evaluated; the caller decides what they see beside `.`. */
export interface FilterExpressions {
  /** The value of an expression field on `data`. Throws ExpressionError. */
  expression(text: string, data: Json): Json;
  /** The value with every expression inside it evaluated on `data`. Throws ExpressionError. */
  template(value: Json, data: Json): Json;
  /** What `expect` is evaluated on: the listening task's input. */
  readonly input: Json;
}

/** The values that correlations are held to, by name. */
export type Correlations = Readonly<Record<string, Json>>;

/**
 * The correlations after this event, when the filter takes it; undefined when it does not. A filter whose expression
 * fails on an event does not take it: what comes from outside must not fault who listens.
 */
export function filterEvent(
  filter: EventFilter,
  event: CloudEvent,
  known: Correlations,
  expressions: FilterExpressions,
): Correlations | undefined {
  const matches = Object.entries(filter.with).every(([name, wanted]) =>
    attempt(() => attributeMatches(wanted ?? null, event[name], expressions), false),
  );
  if (!matches) return undefined;
  const found: Record<string, Json> = { ...known };
  for (const [name, correlation] of Object.entries(filter.correlate ?? {})) {
    const value = attempt(() => expressions.expression(correlation.from, event), null);
    if (value === null || !correlates(correlation, value, found[name], expressions)) return undefined;
    if (correlation.expect === undefined) found[name] = value;
  }
  return found;
}

/**
 * An expression that gives true or false decides, one that gives anything else names the value. A text is the value
 * itself, or where it has signs of one a regular expression for the whole of it.
 */
function attributeMatches(wanted: Json, actual: Json | undefined, expressions: FilterExpressions): boolean {
  const value = expressions.template(wanted, actual ?? null);
  if (typeof wanted === 'string' && value !== wanted) {
    return typeof value === 'boolean' ? value : value !== null && isEqual(value, actual);
  }
  if (isEqual(value, actual)) return true;
  if (typeof value !== 'string' || typeof actual !== 'string' || !isPattern(value)) return false;
  return expressions.expression(`test(${JSON.stringify(`^(?:${value})$`)})`, actual) === true;
}

function correlates(
  { expect }: Correlation,
  value: Json,
  first: Json | undefined,
  expressions: FilterExpressions,
): boolean {
  if (expect === undefined) return first === undefined || isEqual(first, value);
  const wanted = expressions.template(expect, expressions.input);
  // A constant is always written as a text, whatever the event's value is.
  return isEqual(wanted, value) || (wanted === expect && expect === canonicalJson(value));
}

/** Whether a text that describes an attribute can stand for others than itself. Every type name has dots. */
export function isPattern(text: string): boolean {
  return /[\^$*+?()[\]{}|\\]/.test(text);
}

function isEqual(wanted: Json, actual: Json | undefined): boolean {
  return actual !== undefined && canonicalJson(wanted) === canonicalJson(actual);
}

function attempt<T>(evaluate: () => T, otherwise: T): T {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof ExpressionError) return otherwise;
    throw error;
  }
}
