/** The lists of tasks that a task or an extension holds: the one place that knows where they stand. */
import { atPointer } from './json.ts';
import type { Json, JsonObject } from './json.ts';

/** A list of tasks and where it stands in what holds it. */
export interface NestedList {
  /** JSON Pointer from there, as references of tasks have it: `/catch/do`. */
  readonly pointer: string;
  readonly tasks: readonly Json[];
}

const ofTasks = [
  '/do',
  '/fork/branches',
  '/try',
  '/catch/do',
  '/foreach/do',
  '/with/subscription/foreach/do',
  '/metadata/compensate',
];

/** Every list that a task holds itself, also where the task was not checked: what is broken holds none. */
export function nestedLists(task: JsonObject): readonly NestedList[] {
  // Of other calls `with` is data.
  return listsAt(task.call === 'asyncapi' ? ofTasks : ofTasks.filter((at) => !at.startsWith('/with/')), task);
}

/** The lists of an extension. */
export function extensionLists(extension: JsonObject): readonly NestedList[] {
  return listsAt(['/before', '/after'], extension);
}

function listsAt(pointers: readonly string[], holder: JsonObject): readonly NestedList[] {
  return pointers.flatMap((pointer) => {
    const tasks = atPointer(holder, pointer);
    return Array.isArray(tasks) ? [{ pointer, tasks: tasks as readonly Json[] }] : [];
  });
}
