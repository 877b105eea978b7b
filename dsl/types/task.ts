/** Tasks ("Task"): what all have, and what each type adds. */
import type { Json, JsonObject } from '../json.ts';
import type { Duration, ExportConfig, Expression, InputConfig, OutputConfig, Timeout } from './data-flow.ts';
import type { Catch, ErrorDefinition } from './error.ts';
import type { EmittedEvent, EventConsumptionStrategy, EventReading, SubscriptionIterator } from './event.ts';
import type { RunProcess } from './run.ts';

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

/** `with` is one of the `CallArguments` for the calls that have a name there, else the input of a function. */
export interface CallTask extends TaskBase {
  readonly call: string;
  readonly with?: JsonObject;
}

export interface DoTask extends TaskBase {
  readonly do: TaskList;
}

export interface EmitTask extends TaskBase {
  readonly emit: { readonly event: { readonly with: EmittedEvent } };
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
  /** `read` is `data` when absent. */
  readonly listen: { readonly to: EventConsumptionStrategy; readonly read?: EventReading };
  readonly foreach?: SubscriptionIterator;
}

export interface RaiseTask extends TaskBase {
  readonly raise: { readonly error: string | ErrorDefinition };
}

export interface RunTask extends TaskBase {
  readonly run: RunProcess;
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
