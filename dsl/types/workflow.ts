/** A whole definition ("Workflow") and what it defines for use in many places ("Use"). */
import type { JsonObject } from '../json.ts';
import type { Duration, Expression, InputConfig, OutputConfig, Timeout } from './data-flow.ts';
import type { ErrorDefinition, RetryPolicy } from './error.ts';
import type { EventConsumptionStrategy, EventReading } from './event.ts';
import type { AuthenticationPolicy, Endpoint } from './resource.ts';
import type { Resources } from './resources.ts';
import type { Task, TaskList } from './task.ts';

export interface Definition {
  readonly document: DocumentHeader;
  readonly input?: InputConfig;
  readonly use?: Use;
  readonly do: TaskList;
  readonly timeout?: string | Timeout;
  readonly output?: OutputConfig;
  readonly schedule?: Schedule;
  readonly evaluate?: Evaluate;
  /** Never written in a document: the deploy adds what the definition names. */
  readonly resources?: Resources;
}

export interface DocumentHeader {
  readonly dsl: string;
  readonly namespace: string;
  readonly name: string;
  readonly version: string;
  readonly title?: string;
  readonly summary?: string;
  readonly tags?: JsonObject;
  readonly metadata?: JsonObject;
}

/** What starts executions beside a request; at least one of the first four is there. */
export interface Schedule {
  readonly every?: Duration;
  /** Five fields: minute, hour, day of month, month, day of week. */
  readonly cron?: string;
  readonly after?: Duration;
  readonly on?: EventConsumptionStrategy;
  /** `data` when absent; only with `on`. */
  readonly read?: EventReading;
}

export interface Evaluate {
  readonly language?: string;
  readonly mode?: 'strict' | 'loose';
}

export interface Use {
  readonly authentications?: Readonly<Record<string, AuthenticationPolicy>>;
  readonly catalogs?: Readonly<Record<string, Catalog>>;
  readonly errors?: Readonly<Record<string, ErrorDefinition>>;
  /** Each item has exactly one key, the extension's name. */
  readonly extensions?: readonly Readonly<Record<string, Extension>>[];
  readonly functions?: Readonly<Record<string, Task>>;
  readonly retries?: Readonly<Record<string, RetryPolicy>>;
  readonly secrets?: readonly string[];
  readonly timeouts?: Readonly<Record<string, Timeout>>;
}

export interface Catalog {
  readonly endpoint: Endpoint;
}

/** What an extension can extend. `composite` stands for `do` and `fork`. */
export const extensionTargets = [
  'call',
  'composite',
  'emit',
  'for',
  'listen',
  'raise',
  'run',
  'set',
  'switch',
  'try',
  'wait',
  'all',
] as const;

export interface Extension {
  readonly extend: (typeof extensionTargets)[number];
  readonly when?: Expression;
  readonly before?: TaskList;
  readonly after?: TaskList;
}
