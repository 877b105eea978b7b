/** CloudEvents that a definition emits or consumes ("Event Properties", "Event Consumption Strategy"). */
import type { Json, JsonObject } from '../json.ts';
import type { ExportConfig, Expression, OutputConfig } from './data-flow.ts';
import type { OneOf } from './one-of.ts';
import type { TaskList } from './task.ts';

/** The context attributes and data of an event, extension attributes included; texts may be expressions. */
export type EventProperties = JsonObject & {
  readonly id?: string;
  readonly source?: string;
  readonly type?: string;
  readonly time?: string;
  readonly subject?: string;
  readonly datacontenttype?: string;
  readonly dataschema?: string;
  readonly data?: Json;
};

export type EmittedEvent = EventProperties & { readonly type: string };

/** How a consumed event enters the data: its data, the whole event, or the data as it came. */
export type EventReading = 'data' | 'envelope' | 'raw';

export interface EventFilter {
  /** What an event must have; texts may be regular expressions or runtime expressions about that attribute. */
  readonly with: EventProperties;
  readonly correlate?: Readonly<Record<string, Correlation>>;
}

export interface Correlation {
  /** Evaluated on the event. */
  readonly from: Expression;
  /** A constant, or an expression in `${ }`; when absent the first event's value is expected of the others. */
  readonly expect?: string;
}

/** Which events end the consuming of `any`; they are not part of what was consumed. */
export type EventEnd = OneOf<{
  all: readonly EventFilter[];
  any: readonly EventFilter[];
  one: EventFilter;
}>;

/**
 * Which events are consumed. With `any` an empty list stands for every event, and without `until` the first event ends
 * the consuming.
 */
export type EventConsumptionStrategy =
  | (Extract<EventEnd, { readonly all: unknown }> & { readonly until?: never })
  | (Extract<EventEnd, { readonly one: unknown }> & { readonly until?: never })
  | (Extract<EventEnd, { readonly any: unknown }> & { readonly until?: Expression | EventEnd });

/** What is done with each event or message, one after the other ("Subscription Iterator"). */
export interface SubscriptionIterator {
  /** `item` when absent. */
  readonly item?: string;
  /** `index` when absent. */
  readonly at?: string;
  readonly do?: TaskList;
  readonly output?: OutputConfig;
  readonly export?: ExportConfig;
}
