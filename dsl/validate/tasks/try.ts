import type { JsonObject } from '../../json.ts';
import { errorFilter } from '../error.ts';
import { expression } from '../expressions.ts';
import { nestedTasks } from '../place.ts';
import { retry } from '../retry.ts';
import { object, text } from '../rules.ts';
import { nameGiven, variableName, withVariables } from '../variable-name.ts';
import type { TaskForm } from './form.ts';

/** "Try": runs its tasks and catches their errors. */
export function tryTask(task: JsonObject): TaskForm {
  const name = nameGiven(task.catch, 'as', 'error');
  const caught = object({
    title: 'a catch',
    fields: {
      errors: object({ title: 'the "errors" of a catch', fields: { with: errorFilter } }),
      as: variableName,
      when: withVariables([name], expression),
      exceptWhen: withVariables([name], expression),
      retry: withVariables([name], retry),
      do: withVariables([name], nestedTasks),
      then: text(),
    },
  });
  return { title: 'a try task', required: ['catch'], fields: { try: nestedTasks, catch: caught } };
}
