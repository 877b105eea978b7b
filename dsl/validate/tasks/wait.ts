import { duration } from '../duration.ts';
import type { TaskForm } from './form.ts';

/** "Wait": pauses. */
export function waitTask(): TaskForm {
  return { title: 'a wait task', fields: { wait: duration } };
}
