import { emittedEvent } from '../event.ts';
import { object } from '../rules.ts';
import type { TaskForm } from './form.ts';

const emit = object({ title: 'an emit', required: ['event'], fields: { event: emittedEvent } });

/** "Emit": publishes an event. */
export function emitTask(): TaskForm {
  return { title: 'an emit task', fields: { emit } };
}
