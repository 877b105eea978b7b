import { consumption } from '../event.ts';
import { iterator } from '../iterator.ts';
import { object, oneOf } from '../rules.ts';
import type { TaskForm } from './form.ts';

const listen = object({
  title: 'a listen',
  required: ['to'],
  fields: { to: consumption, read: oneOf('data', 'envelope', 'raw') },
});

/** "Listen": waits for events. */
export function listenTask(): TaskForm {
  return {
    title: 'a listen task',
    fields: { listen, foreach: iterator },
  };
}
