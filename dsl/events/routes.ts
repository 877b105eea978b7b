/**
 * What of a strategy an index can find: the type of its events, and values that they must have. An index by these finds
 * all who want an event, and few who do not; the filters themselves decide.
 */
import { freeVariables } from '../evaluate.ts';
import { parseTemplate } from '../expressions/index.ts';
import { canonicalJson } from '../json.ts';
import type { Json } from '../json.ts';
import type { EventConsumptionStrategy, EventFilter } from '../types.ts';
import { filtersOf } from './consumption.ts';
import { isPattern } from './filter.ts';

/** Events of this type, or of any type when it is absent, for which each expression gives its value. */
export interface EventRoute {
  readonly type?: string;
  readonly where: readonly EventCondition[];
}

export interface EventCondition {
  /** An expression on the event. */
  readonly from: string;
  /** As {@link routeValue} writes it. */
  readonly value: string;
}

/**
 * The routes of a strategy, none twice. `expected` evaluates the `expect` of a correlation; undefined leaves it to the
 * filter. In loose mode any text may be an expression, so that only expectations are indexed.
 */
export function routesOf(
  strategy: EventConsumptionStrategy,
  mode: 'strict' | 'loose',
  expected: (expect: string) => Json | undefined,
): readonly EventRoute[] {
  const filters = filtersOf(strategy);
  if (filters === undefined) return [{ where: [] }];
  const routes = filters.map((filter) => routeOf(filter, mode, expected));
  return [...new Map(routes.map((route) => [JSON.stringify(route), route])).values()];
}

/** The text under which an index keeps a value. A constant is written as a text, so `"42"` and `42` are one. */
export function routeValue(value: Json): string {
  return typeof value === 'string' ? value : canonicalJson(value);
}

function routeOf(
  filter: EventFilter,
  mode: 'strict' | 'loose',
  expected: (expect: string) => Json | undefined,
): EventRoute {
  const constant = (value: Json | undefined): string | undefined =>
    mode === 'strict' && typeof value === 'string' && isConstant(value) ? value : undefined;
  const where: EventCondition[] = [];
  for (const [name, wanted] of Object.entries(filter.with)) {
    const value = name === 'type' || name === 'data' ? undefined : constant(wanted);
    if (value !== undefined) where.push({ from: `.[${JSON.stringify(name)}]`, value });
  }
  for (const { from, expect } of Object.values(filter.correlate ?? {})) {
    // The index knows the event alone: an expression that names anything else is left to the filter.
    const indexed = expect !== undefined && freeVariables(from, { expression: true, mode }).size === 0;
    const value = indexed ? expected(expect) : undefined;
    if (value !== undefined) where.push({ from, value: routeValue(value) });
  }
  const type = constant(filter.with.type);
  where.sort((left, right) => (left.from < right.from ? -1 : 1));
  return { ...(type === undefined ? {} : { type }), where };
}

function isConstant(text: string): boolean {
  return parseTemplate(text).kind === 'literal' && !isPattern(text);
}
