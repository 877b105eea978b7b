/** A strategy while it consumes events, one after the other ("Event Consumption Strategy"). */
import type { EventConsumptionStrategy, EventFilter } from '../types.ts';
import type { CloudEvent } from './cloud-event.ts';
import { filterEvent } from './filter.ts';
import type { Correlations, FilterExpressions } from './filter.ts';

/** What a strategy remembers: plain JSON, empty at first, changed in place by {@link offerEvent}. */
export interface ConsumptionState {
  /** Of `all`: which of its filters had their event. */
  met?: boolean[];
  /** Shared by all filters, those of `until` included, so that one name is one thing. */
  correlations?: Correlations;
  /** Of an `until` that is itself a strategy. */
  until?: ConsumptionState;
}

/**
 * What became of an offered event: `ignored`, `consumed`, or taken by `until` as a sign of the end (`signal`), which is
 * no part of what was consumed. With `complete` the strategy wants no more events. An `until` that is an expression is
 * the caller's to evaluate: to the strategy it looks endless.
 */
export interface Offered {
  readonly taken: 'ignored' | 'consumed' | 'signal';
  readonly complete: boolean;
}

const ignored: Offered = { taken: 'ignored', complete: false };

/** Offers one event to a strategy. */
export function offerEvent(
  strategy: EventConsumptionStrategy,
  state: ConsumptionState,
  event: CloudEvent,
  expressions: FilterExpressions,
): Offered {
  const { one, any, all, until } = strategy;
  const take = (filter: EventFilter): boolean => {
    const correlations = filterEvent(filter, event, state.correlations ?? {}, expressions);
    if (correlations === undefined) return false;
    if (Object.keys(correlations).length > 0) state.correlations = correlations;
    return true;
  };

  if (until !== undefined && typeof until !== 'string') {
    const inner = (state.until ??= {});
    const correlations = inner.correlations ?? state.correlations;
    if (correlations !== undefined) inner.correlations = correlations;
    const { taken, complete } = offerEvent(until, inner, event, expressions);
    if (inner.correlations !== undefined) state.correlations = inner.correlations;
    if (taken !== 'ignored') return { taken: 'signal', complete };
  }
  if (one !== undefined) return take(one) ? { taken: 'consumed', complete: true } : ignored;
  if (any !== undefined) {
    return any.length === 0 || any.some(take)
      ? { taken: 'consumed', complete: until === undefined }
      : ignored;
  }
  const met = (state.met ??= all.map(() => false));
  const index = all.findIndex((filter, place) => met[place] !== true && take(filter));
  if (index < 0) return ignored;
  met[index] = true;
  return { taken: 'consumed', complete: met.every(Boolean) };
}

/** Whether a strategy wants no event at all: `all` of nothing. */
export function wantsNothing({ all }: EventConsumptionStrategy): boolean {
  return all?.length === 0;
}

/** Every filter of a strategy, those of `until` included; undefined stands for every event. */
export function filtersOf(strategy: EventConsumptionStrategy): readonly EventFilter[] | undefined {
  const { one, any, all, until } = strategy;
  if (any?.length === 0) return undefined;
  const own = one === undefined ? (any ?? all ?? []) : [one];
  if (until === undefined || typeof until === 'string') return own;
  const ends = filtersOf(until);
  return ends === undefined ? undefined : [...own, ...ends];
}
