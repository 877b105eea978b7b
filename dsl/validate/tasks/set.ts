import { expression, template } from '../expressions.ts';
import { object, textOrObject } from '../rules.ts';
import type { TaskForm } from './form.ts';

const data = object({ title: 'the data to set', fields: {}, others: template, atLeastOne: true });

/** "Set": gives data. */
export function setTask(): TaskForm {
  const set = textOrObject('an object or an expression', expression, data);
  return { title: 'a set task', fields: { set } };
}
