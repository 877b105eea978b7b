import { nestedTasks } from '../place.ts';
import type { TaskForm } from './form.ts';

/** "Do": tasks in order. */
export function doTask(): TaskForm {
  return { title: 'a do task', fields: { do: nestedTasks } };
}
