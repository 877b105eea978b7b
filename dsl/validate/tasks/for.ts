import { isJsonObject } from '../../json.ts';
import type { JsonObject } from '../../json.ts';
import { describeValue } from '../../wording.ts';
import { expression, template } from '../expressions.ts';
import { nestedTasks, report } from '../place.ts';
import type { Rule } from '../place.ts';
import { all, array, object } from '../rules.ts';
import { distinctNames, nameGiven, variableName, withVariables } from '../variable-name.ts';
import type { TaskForm } from './form.ts';

const item: Rule = (value, place) => {
  if (isJsonObject(value)) return template(value, place);
  const message = `expected an object, found ${describeValue(value)}; other items take an expression, as in "\${ [1, 2] }"`;
  report(place, 'type', message);
};

const items = array('the collection', item);

const collection: Rule = (value, place) => {
  if (typeof value === 'string') return expression(value, place);
  if (Array.isArray(value)) return items(value, place);
  report(place, 'type', `expected an expression or an array of objects, found ${describeValue(value)}`);
};

/** "For": runs its tasks once for each item. */
export function forTask(task: JsonObject): TaskForm {
  const each = nameGiven(task.for, 'each', 'item');
  const at = nameGiven(task.for, 'at', 'index');
  const loop = object({
    title: 'a for',
    required: ['in'],
    fields: { each: variableName, in: collection, at: variableName },
  });
  return {
    title: 'a for task',
    required: ['do'],
    fields: {
      for: all(loop, distinctNames(each, at, 'at')),
      while: withVariables([each, at], expression),
      do: withVariables([each, at], nestedTasks),
    },
  };
}
