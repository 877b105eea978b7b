/** What undoes a task, an extension of Perdure's: `metadata.compensate`. */
import type { Task, TaskList } from './types.ts';

/** The tasks that undo the task; undefined where nothing does, and where older definitions kept something else there. */
export function compensationOf({ metadata }: Task): TaskList | undefined {
  const list = metadata?.compensate;
  return Array.isArray(list) && list.length > 0 ? (list as object as TaskList) : undefined;
}
