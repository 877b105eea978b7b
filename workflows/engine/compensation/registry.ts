/**
 * The tasks of an execution that can be undone: entered before anything of them leaves the engine, so that whatever
 * happened to a task that began is undone. Part of the position. `metadata.compensate`, docs/adr/0004.
 */
import { compensationOf } from '../../../dsl/compensation.ts';
import { standardFault, type WorkflowError } from '../../../dsl/errors.ts';
import { jsonSize, type Json, type JsonObject } from '../../../dsl/json.ts';
import type { TaskList } from '../../../dsl/types.ts';
import type { CompensationRun } from '../../contract.ts';
import type { ListFrame, Position } from '../position.ts';
import type { Site } from '../runner.ts';

/** What an execution keeps of its undoing; plain JSON. */
export interface CompensationFrame {
  /** In order of their start. */
  readonly entries: CompensationEntry[];
  /** The lists that undo; many entries share one. */
  readonly lists: TaskList[];
  /** Entries completed so far. */
  completed: number;
  /** JSON of all entries, roughly. */
  bytes: number;
  /** False where somebody cancels and wants nothing undone. */
  onCancel?: boolean;
  /** Present once the undoing has begun. */
  because?: { readonly cancelled: true } | { readonly error: WorkflowError };
}

export interface CompensationEntry {
  readonly path: string;
  readonly reference: string;
  readonly name: string;
  /** The task's transformed input. */
  readonly input: Json;
  /** Variables of `for` and `catch` around the task. */
  readonly locals: JsonObject;
  /** Index in {@link CompensationFrame.lists}. */
  readonly tasks: number;
  /** Present once the task has completed: its place in the order of completion, and what it gave. */
  done?: { readonly order: number; readonly output: Json };
  /** Present once its undoing has begun. */
  undo?: UndoFrame;
}

export interface UndoFrame {
  attempt: number;
  list?: ListFrame;
  /** End of the pause before the next attempt, in milliseconds since the epoch. */
  retryAt?: number;
  state: 'running' | 'completed' | 'failed';
  error?: WorkflowError;
}

// All of it travels in each continue-as-new, beside everything else that is under way.
const maxBytes = 1_000_000;
const maxListed = 200;

/** Enters a task that is about to begin. A retry of a `try` takes its place again. Faults where it is all too much. */
export function registerCompensation(position: Position, { task, ...site }: Site, input: Json): void {
  const tasks = compensationOf(task);
  // What undoes is not undone: a function that it calls may have something for that.
  if (tasks === undefined || position.compensation?.because !== undefined) return;
  const frame = (position.compensation ??= { entries: [], lists: [], completed: 0, bytes: 0 });
  const { path, reference, name, locals } = site;
  const known = frame.entries.findIndex((entry) => entry.path === path);
  const [earlier] = known < 0 ? [] : frame.entries.splice(known, 1);
  if (earlier !== undefined) frame.bytes -= sizeOf(earlier);
  const entry = { path, reference, name, input, locals, tasks: indexOf(frame.lists, tasks) };
  frame.entries.push(entry);
  grow(frame, sizeOf(entry), reference);
}

/** Notes that a task has completed. Faults where there is no room for what it gave. */
export function completeCompensation(
  { compensation }: Position,
  { path, reference }: Site,
  output: Json,
): void {
  const entry = compensation?.entries.findLast((candidate) => candidate.path === path);
  if (compensation === undefined || entry === undefined || compensation.because !== undefined) return;
  compensation.completed += 1;
  entry.done = { order: compensation.completed, output };
  grow(compensation, jsonSize(output), reference);
}

/** In the order in which they are undone: what has not completed first, the latest first; then by completion, backwards. */
export function inUndoOrder({ entries }: CompensationFrame): readonly CompensationEntry[] {
  const order = (entry: CompensationEntry): number => entry.done?.order ?? Infinity;
  return entries
    .toReversed()
    .sort((left, right) => (order(left) === order(right) ? 0 : order(right) - order(left)));
}

/** What the status tells, and how many entries it leaves out. */
export function reportCompensations(frame: CompensationFrame): {
  readonly compensations: readonly CompensationRun[];
  readonly omittedCompensations: number;
} {
  const listed = inUndoOrder(frame).slice(0, maxListed);
  return {
    compensations: listed.map(({ reference, name, undo }) => ({
      reference,
      name,
      status: undo?.state ?? 'registered',
      ...(undo?.error === undefined ? {} : { error: undo.error }),
    })),
    omittedCompensations: frame.entries.length - listed.length,
  };
}

function sizeOf({ path, reference, input, locals, done }: CompensationEntry): number {
  const texts = path.length + reference.length;
  return texts + jsonSize(input) + jsonSize(locals) + (done === undefined ? 0 : jsonSize(done.output));
}

function indexOf(lists: TaskList[], tasks: TaskList): number {
  const text = JSON.stringify(tasks);
  const known = lists.findIndex((list) => list === tasks || JSON.stringify(list) === text);
  return known >= 0 ? known : lists.push(tasks) - 1;
}

function grow(frame: CompensationFrame, bytes: number, reference: string): void {
  frame.bytes += bytes;
  if (frame.bytes <= maxBytes) return;
  const detail = `What the execution keeps to undo its tasks is more than ${maxBytes} bytes; shape what they take and give with input.from and output.as`;
  throw standardFault('runtime', reference, detail);
}
