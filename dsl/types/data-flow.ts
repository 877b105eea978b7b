/** Expressions, durations, and what shapes data on its way through tasks ("Data Flow"). */
import type { Json, JsonObject } from '../json.ts';
import type { ExternalResource } from './resource.ts';

/** A text that holds a runtime expression, bare or inside `${ }`. */
export type Expression = string;

/** An ISO 8601 duration, an expression in `${ }` that gives one, or its parts. */
export type Duration = string | DurationParts;

export interface DurationParts {
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
  readonly milliseconds?: number;
}

export interface InputConfig {
  readonly schema?: Schema;
  readonly from?: Expression | JsonObject;
}

export interface OutputConfig {
  readonly schema?: Schema;
  readonly as?: Expression | JsonObject;
}

export interface ExportConfig {
  readonly schema?: Schema;
  readonly as?: Expression | JsonObject;
}

/** A JSON Schema, written in place (`document`) or fetched (`resource`): exactly one of them is there. */
export interface Schema {
  readonly format?: string;
  readonly document?: Json;
  readonly resource?: ExternalResource;
}

export interface Timeout {
  readonly after: Duration;
}
