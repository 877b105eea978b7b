/** What is done with each event or message of a subscription ("Subscription Iterator"). */
import { exportRule, output } from './data-flow.ts';
import { nestedTasks } from './place.ts';
import type { Rule } from './place.ts';
import { all, object } from './rules.ts';
import { distinctNames, nameGiven, variableName, withVariables } from './variable-name.ts';

/** `foreach` of a listen task or a subscription. */
export const iterator: Rule = (value, place) => {
  const item = nameGiven(value, 'item', 'item');
  const at = nameGiven(value, 'at', 'index');
  const fields = {
    item: variableName,
    at: variableName,
    do: withVariables([item, at], nestedTasks),
    output: withVariables([item, at], output),
    export: withVariables([item, at, 'output'], exportRule),
  };
  all(object({ title: 'a foreach', fields }), distinctNames(item, at, 'at'))(value, place);
};
