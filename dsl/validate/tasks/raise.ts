import { errorDefinition } from '../error.ts';
import { referenceTo } from '../reference.ts';
import { object, textOrObject } from '../rules.ts';
import type { TaskForm } from './form.ts';

const error = textOrObject('an error, an object or the name of one', referenceTo('errors'), errorDefinition);
const raise = object({ title: 'a raise', required: ['error'], fields: { error } });

/** "Raise": fails with an error. */
export function raiseTask(): TaskForm {
  return { title: 'a raise task', fields: { raise } };
}
