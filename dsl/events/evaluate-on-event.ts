/** Expressions about an event where no execution is: in the router and in `schedule.on`. */
import { evaluateExpression, evaluateValue } from '../evaluate.ts';
import type { Scope } from '../evaluate.ts';
import { defaultExpressionLimits, ExpressionError } from '../expressions/index.ts';
import type { Json, JsonObject } from '../json.ts';
import type { CloudEvent } from './cloud-event.ts';
import type { FilterExpressions } from './filter.ts';
import { routeValue } from './routes.ts';
import type { EventCondition } from './routes.ts';

/** The expressions of a `schedule.on`, which see nothing but the event and `variables`. `now` is in milliseconds. */
export function scheduleExpressions(
  mode: 'strict' | 'loose',
  variables: JsonObject,
  now: () => number,
): FilterExpressions {
  const scope = (input: Json): Scope => ({ input, variables, now, limits: defaultExpressionLimits, mode });
  return {
    expression: (text, data) => evaluateExpression(text, scope(data)),
    template: (value, data) => evaluateValue(value, scope(data)),
    input: null,
  };
}

/** The value of an expression on an event, as an index keeps it; undefined where it has none. */
export function indexedValue(from: string, event: CloudEvent): string | undefined {
  try {
    return routeValue(scheduleExpressions('strict', {}, () => 0).expression(from, event));
  } catch (error) {
    if (error instanceof ExpressionError) return undefined;
    throw error;
  }
}

/** Whether the event fulfils every condition of a route. */
export function fulfils(event: CloudEvent, where: readonly EventCondition[]): boolean {
  return where.every(({ from, value }) => indexedValue(from, event) === value);
}
