/**
 * The tasks of an execution that can be undone: entered before anything of them leaves the engine, so that whatever
 * happened to a task that began is undone. Part of the position. `metadata.compensate`, docs/adr/0004.
 */
import { compensationOf } from '../../../dsl/compensation.ts';
import { standardFault, type WorkflowError } from '../../../dsl/errors.ts';
import { jsonSize, type Json, type JsonObject } from '../../../dsl/json.ts';
import type { TaskList } from '../../../dsl/types.ts';
import { aroundLock } from '../lock-around.ts';
import type { ListFrame, Position } from '../position.ts';
import type { Site } from '../runner.ts';
import { shortError } from '../status-size.ts';

/** What an execution keeps of its undoing; plain JSON. */
export interface CompensationFrame {
  /** In order of their start. */
  readonly entries: CompensationEntry[];
  /** The lists that undo; many entries share one. */
  readonly lists: TaskList[];
  /** Entries completed so far. */
  completed: number;
  /** JSON of all entries, at most. */
  bytes: number;
  /** JSON of the errors with which undoing failed. */
  errorBytes?: number;
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
const maxErrorBytes = 200_000;

// Names of an entry's members, and what its undoing keeps.
const entryBytes = 150;

/**
 * Enters a task that is about to begin, or is taken up again. A retry of a `try` takes the place of the attempt before.
 * Faults where it is all too much: then the task has not been entered, and must not begin.
 */
export function registerCompensation(
  position: Position,
  { task, ...site }: Site,
  input: Json,
  takesUp: boolean,
): void {
  const tasks = compensationOf(task);
  // What undoes is not undone: a function that it calls may have something for that.
  if (tasks === undefined || position.compensation?.because !== undefined) return;
  const frame = (position.compensation ??= { entries: [], lists: [], completed: 0, bytes: 0 });
  const { path, reference, name } = site;
  // What undoes runs without the lock that was around the task.
  const { [aroundLock]: _, ...locals } = site.locals;
  const known = frame.entries.findIndex((entry) => entry.path === path);
  const earlier = frame.entries[known];
  const bytes = sizeOf({ path, reference, name, input, locals });
  grow(frame, bytes - (earlier === undefined ? 0 : sizeOf(earlier)), reference);
  const entry = { path, reference, name, input, locals, tasks: indexOf(frame.lists, tasks) };
  if (earlier !== undefined) frame.entries.splice(known, 1);
  // Branches are taken up in the order in which they are written, which need not be that of their start.
  if (earlier !== undefined && takesUp) frame.entries.splice(known, 0, entry);
  else frame.entries.push(entry);
}

/** Notes that a task has completed. Faults where there is no room for what it gave: then the task has not. */
export function completeCompensation(
  { compensation }: Position,
  { path, reference }: Site,
  output: Json,
): void {
  const entry = compensation?.entries.findLast((candidate) => candidate.path === path);
  if (compensation === undefined || entry === undefined || compensation.because !== undefined) return;
  grow(compensation, jsonSize(output), reference);
  compensation.completed += 1;
  entry.done = { order: compensation.completed, output };
}

/** Notes why an undoing failed: shortened, and for the first ones only where very many do. All of them travel. */
export function noteFailure(frame: CompensationFrame, undo: UndoFrame, error: WorkflowError): void {
  const sizeOfError = (noted: WorkflowError | undefined): number => (noted ? jsonSize({ ...noted }) : 0);
  const short = shortError(error);
  const bytes = (frame.errorBytes ?? 0) - sizeOfError(undo.error);
  delete undo.error;
  frame.errorBytes = bytes;
  if (bytes + sizeOfError(short) > maxErrorBytes) return;
  undo.error = short;
  frame.errorBytes += sizeOfError(short);
}

/** In the order in which they are undone: what has not completed first, the latest first; then by completion, backwards. */
export function inUndoOrder({ entries }: CompensationFrame): readonly CompensationEntry[] {
  const order = (entry: CompensationEntry): number => entry.done?.order ?? Infinity;
  return entries
    .toReversed()
    .sort((left, right) => (order(left) === order(right) ? 0 : order(right) - order(left)));
}

function sizeOf({ path, reference, name, input, locals, done }: Omit<CompensationEntry, 'tasks'>): number {
  const texts = jsonSize(path) + jsonSize(reference) + jsonSize(name);
  const given = jsonSize(input) + jsonSize(locals);
  return entryBytes + texts + given + (done === undefined ? 0 : jsonSize(done.output));
}

function indexOf(lists: TaskList[], tasks: TaskList): number {
  const same = lists.indexOf(tasks);
  if (same >= 0) return same;
  // A run that goes on has the definition's lists and its own, which were the same.
  const text = JSON.stringify(tasks);
  const equal = lists.findIndex((list) => JSON.stringify(list) === text);
  if (equal < 0) return lists.push(tasks) - 1;
  lists[equal] = tasks;
  return equal;
}

/** Makes room, or faults where there is none. */
function grow(frame: CompensationFrame, bytes: number, reference: string): void {
  if (frame.bytes + bytes <= maxBytes) {
    frame.bytes += bytes;
    return;
  }
  const detail = `What the execution keeps to undo its tasks is more than ${maxBytes} bytes; shape what they take and give with input.from and output.as`;
  throw standardFault('runtime', reference, detail);
}
