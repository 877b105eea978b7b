/**
 * The shapes of an Open Workflow document, DSL 1.0.3, as `validate` lets them through: a value of type
 * {@link Definition} has been checked, so the engine never checks again. Field names and meanings are those of the
 * specification's reference.
 */
import type { Json, JsonObject } from './json.ts';

/** A text that holds a runtime expression, bare or inside `${ }`. */
export type Expression = string;

/** An ISO 8601 duration, an expression that gives one, or its parts. */
export type Duration = string | DurationParts;

export interface DurationParts {
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
  readonly milliseconds?: number;
}

export interface Definition {
  readonly document: DocumentHeader;
  readonly input?: InputConfig;
  readonly use?: Use;
  readonly do: TaskList;
  readonly timeout?: string | Timeout;
  readonly output?: OutputConfig;
  readonly schedule?: JsonObject;
  readonly evaluate?: Evaluate;
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

export interface Use {
  readonly authentications?: Readonly<Record<string, AuthenticationPolicy>>;
  readonly catalogs?: JsonObject;
  readonly errors?: Readonly<Record<string, ErrorDefinition>>;
  readonly extensions?: readonly JsonObject[];
  readonly functions?: Readonly<Record<string, Task>>;
  readonly retries?: Readonly<Record<string, RetryPolicy>>;
  readonly secrets?: readonly string[];
  readonly timeouts?: Readonly<Record<string, Timeout>>;
}

export interface Evaluate {
  readonly language?: string;
  readonly mode?: 'strict' | 'loose';
}

/** Tasks in order; each item has exactly one key, the task's name. */
export type TaskList = readonly Readonly<Record<string, Task>>[];

export interface TaskBase {
  readonly if?: Expression;
  readonly input?: InputConfig;
  readonly output?: OutputConfig;
  readonly export?: ExportConfig;
  readonly timeout?: string | Timeout;
  readonly then?: FlowDirective;
  readonly metadata?: JsonObject;
}

/** `continue`, `exit`, `end`, or the name of a task in the same list. */
export type FlowDirective = string;

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

export interface Schema {
  readonly format?: string;
  readonly document?: Json;
  readonly resource?: ExternalResource;
}

export interface Timeout {
  readonly after: Duration;
}

export interface ExternalResource {
  readonly name?: string;
  readonly endpoint: Endpoint;
}

export type Endpoint =
  string | { readonly uri: string; readonly authentication?: ReferenceableAuthentication };

export interface SecretReference {
  readonly use: string;
}

export interface AuthenticationPolicy {
  readonly basic?: { readonly username: string; readonly password: string } | SecretReference;
  readonly bearer?: { readonly token: string } | SecretReference;
  readonly digest?: { readonly username: string; readonly password: string } | SecretReference;
  readonly oauth2?: JsonObject;
  readonly oidc?: JsonObject;
}

export type ReferenceableAuthentication = SecretReference | AuthenticationPolicy;

/** RFC 7807 problem as a definition writes it: `type` and `status` are required, text fields may be expressions. */
export interface ErrorDefinition {
  readonly type: string;
  readonly status: number;
  readonly instance?: string;
  readonly title?: string;
  readonly detail?: string;
}

export interface RetryPolicy {
  readonly when?: Expression;
  readonly exceptWhen?: Expression;
  readonly delay?: Duration;
  readonly backoff?: {
    readonly constant?: JsonObject;
    readonly exponential?: JsonObject;
    readonly linear?: JsonObject;
  };
  readonly limit?: {
    readonly attempt?: { readonly count?: number; readonly duration?: Duration };
    readonly duration?: Duration;
  };
  readonly jitter?: { readonly from: Duration; readonly to: Duration };
}

export interface CallTask extends TaskBase {
  readonly call: string;
  readonly with?: JsonObject;
}

/** `with` of `call: http`. */
export interface HttpArguments {
  readonly method: string;
  readonly endpoint: Endpoint;
  readonly headers?: Readonly<Record<string, string>> | Expression;
  readonly body?: Json;
  readonly query?: Readonly<Record<string, Json>> | Expression;
  readonly output?: 'raw' | 'content' | 'response';
  readonly redirect?: boolean;
}

/** `with` of `call: openapi`. */
export interface OpenapiArguments {
  readonly document: ExternalResource;
  readonly operationId: string;
  readonly parameters?: JsonObject;
  readonly authentication?: ReferenceableAuthentication;
  readonly output?: 'raw' | 'content' | 'response';
  readonly redirect?: boolean;
}

export interface DoTask extends TaskBase {
  readonly do: TaskList;
}

export interface EmitTask extends TaskBase {
  readonly emit: { readonly event: { readonly with: JsonObject } };
}

export interface ForTask extends TaskBase {
  readonly for: { readonly each?: string; readonly in: Expression | readonly Json[]; readonly at?: string };
  readonly while?: Expression;
  readonly do: TaskList;
}

export interface ForkTask extends TaskBase {
  readonly fork: { readonly branches: TaskList; readonly compete?: boolean };
}

export interface ListenTask extends TaskBase {
  readonly listen: JsonObject;
  readonly foreach?: JsonObject;
}

export interface RaiseTask extends TaskBase {
  readonly raise: { readonly error: string | ErrorDefinition };
}

export interface RunTask extends TaskBase {
  readonly run: {
    readonly workflow?: {
      readonly namespace: string;
      readonly name: string;
      readonly version: string;
      readonly input?: Json;
    };
    readonly container?: JsonObject;
    readonly script?: JsonObject;
    readonly shell?: JsonObject;
    readonly await?: boolean;
    readonly return?: string;
  };
}

export interface SetTask extends TaskBase {
  readonly set: JsonObject | Expression;
}

export interface SwitchCase {
  readonly when?: Expression;
  readonly then: FlowDirective;
}

export interface SwitchTask extends TaskBase {
  readonly switch: readonly Readonly<Record<string, SwitchCase>>[];
}

export interface Catch {
  readonly errors?: { readonly with?: Partial<ErrorDefinition> };
  readonly as?: string;
  readonly when?: Expression;
  readonly exceptWhen?: Expression;
  readonly retry?: string | RetryPolicy;
  readonly do?: TaskList;
  readonly then?: FlowDirective;
}

export interface TryTask extends TaskBase {
  readonly try: TaskList;
  readonly catch: Catch;
}

export interface WaitTask extends TaskBase {
  readonly wait: Duration;
}

/** Every task type of the language under the key that makes it one. `for` comes before `do`: a for task has both. */
export interface TaskTypes {
  call: CallTask;
  for: ForTask;
  do: DoTask;
  emit: EmitTask;
  fork: ForkTask;
  listen: ListenTask;
  raise: RaiseTask;
  run: RunTask;
  set: SetTask;
  switch: SwitchTask;
  try: TryTask;
  wait: WaitTask;
}

export type TaskKind = keyof TaskTypes;
export type Task = TaskTypes[TaskKind];

/** The task types, in the order in which their keys are looked for. */
export const taskKinds = [
  'call',
  'for',
  'do',
  'emit',
  'fork',
  'listen',
  'raise',
  'run',
  'set',
  'switch',
  'try',
  'wait',
] as const satisfies readonly TaskKind[];

/** The type of a checked task. */
export function taskKind(task: Task): TaskKind {
  for (const kind of taskKinds) if (kind in task) return kind;
  throw new TypeError('A task without a type: the definition was not validated');
}

/** The only name and task of one item of a task list. */
export function namedTask(item: Readonly<Record<string, Task>>): {
  readonly name: string;
  readonly task: Task;
} {
  for (const name of Object.keys(item)) return { name, task: item[name] as Task };
  throw new TypeError('An empty task list item: the definition was not validated');
}
