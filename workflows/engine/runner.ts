/** What a task type's runner gets and gives: everything from outside is handed in. */
import type { Json, JsonObject } from '../../dsl/json.ts';
import type { FlowDirective, Task, TaskList, TaskTypes } from '../../dsl/types.ts';
import type { Execution } from './execution.ts';
import type { Maybe } from './maybe-async.ts';
import type { BodyFrames, ListFrame, RunnableKind, TaskHolder } from './position.ts';
import type { TaskRecord } from './task-log.ts';

/** Output of a task or a list, and where to go next; `then` absent means that the task's own `then` holds. */
export interface Outcome {
  readonly output: Json;
  readonly then?: FlowDirective;
}

/** A task in its place. */
export interface Site<T extends Task = Task> {
  readonly task: T;
  readonly name: string;
  /** JSON Pointer into the definition. */
  readonly reference: string;
  /** The pointer with visits and loop indices: no two calls of an execution have the same, but a retry of one. */
  readonly path: string;
  /** Variables of enclosing `for` and `catch`. */
  readonly locals: JsonObject;
  /** Attempt of the nearest enclosing `try`. */
  readonly attempt: number;
}

/** Where a list stands: what comes before the index in the references and paths of its tasks. */
export interface ListSite {
  readonly reference: string;
  readonly path: string;
  readonly locals: JsonObject;
  readonly attempt: number;
}

/** Runs a list of tasks for an execution. Handed down, since lists run tasks and tasks run lists. */
export type RunList = (
  execution: Execution,
  tasks: TaskList,
  site: ListSite,
  frame: ListFrame,
) => Maybe<Outcome>;

export interface Run<K extends RunnableKind> extends Site<TaskTypes[K]> {
  readonly execution: Execution;
  readonly record: TaskRecord;
  readonly frame: BodyFrames[K];
  /** When the task started, in milliseconds since the epoch. */
  readonly startedAt: number;
  readonly rawInput: Json;
  /** When the task's own timeout strikes, in milliseconds since the epoch; absent without one. */
  readonly deadline?: number;
  /** Evaluates an expression on `data`; the task's transformed input is `$input`. Faults with type `expression`. */
  evaluate(expression: string, data: Json, variables?: JsonObject): Json;
  /** Evaluates every expression inside a value in the same way. */
  evaluateAll(value: Json, data: Json, variables?: JsonObject): Json;
  /** Variables that expressions of this task see beside `$context`, `$workflow` and `$runtime`. */
  readonly variables: JsonObject;
  /** Runs a list below this task. */
  runList(tasks: TaskList, site: ListSite, frame: ListFrame): Maybe<Outcome>;
  /** Runs one task below this one. */
  runTask(site: Site, rawInput: Json, holder: TaskHolder): Maybe<Outcome>;
  /** Waits durably until a moment in milliseconds since the epoch, stopping and cancellation permitting. */
  sleepUntil(deadline: number): Promise<void>;
}

export type Runner<K extends RunnableKind> = (task: TaskTypes[K], input: Json, run: Run<K>) => Maybe<Outcome>;
