/** Errors, and what a definition does about them ("Error", "Catch", "Retry"). */
import type { JsonObject } from '../json.ts';
import type { Duration, Expression } from './data-flow.ts';
import type { OneOf } from './one-of.ts';
import type { FlowDirective, TaskList } from './task.ts';

/** RFC 7807 problem as a definition writes it: all texts may be expressions. */
export interface ErrorDefinition {
  readonly type: string;
  readonly status: number;
  readonly instance?: string;
  readonly title?: string;
  readonly detail?: string;
}

export interface Catch {
  readonly errors?: { readonly with?: Partial<ErrorDefinition> };
  /** `error` when absent. */
  readonly as?: string;
  readonly when?: Expression;
  readonly exceptWhen?: Expression;
  readonly retry?: string | RetryPolicy;
  readonly do?: TaskList;
  readonly then?: FlowDirective;
}

export interface RetryPolicy {
  readonly when?: Expression;
  readonly exceptWhen?: Expression;
  readonly delay?: Duration;
  readonly backoff?: Backoff;
  readonly limit?: {
    readonly attempt?: { readonly count?: number; readonly duration?: Duration };
    readonly duration?: Duration;
  };
  readonly jitter?: { readonly from: Duration; readonly to: Duration };
}

/** The specification gives the strategies no properties. */
export type Backoff = OneOf<{ constant: JsonObject; exponential: JsonObject; linear: JsonObject }>;
