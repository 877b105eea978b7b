/** The lists of tasks that a task holds: the one place that knows where they stand. */
import { atPointer } from './json.ts';
import type { Json, JsonObject } from './json.ts';

/** A list of tasks and where it stands in its task. */
export interface NestedList {
  /** JSON Pointer from the task, as references of tasks have it: `/catch/do`. */
  readonly pointer: string;
  readonly tasks: readonly Json[];
}

const pointers = [
  '/do',
  '/fork/branches',
  '/try',
  '/catch/do',
  '/foreach/do',
  '/with/subscription/foreach/do',
  '/metadata/compensate',
];

/** Every list that the task holds itself, also where the task was not checked: what is broken holds none. */
export function nestedLists(task: JsonObject): readonly NestedList[] {
  return pointers.flatMap((pointer) => {
    // Of other calls `with` is data.
    if (pointer.startsWith('/with') && task.call !== 'asyncapi') return [];
    const tasks = atPointer(task, pointer);
    return Array.isArray(tasks) ? [{ pointer, tasks: tasks as readonly Json[] }] : [];
  });
}
