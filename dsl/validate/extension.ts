/** Tasks that run before and after tasks of some type ("Extension"). */
import { extensionTargets } from '../types.ts';
import { expression } from './expressions.ts';
import { nestedTasks } from './place.ts';
import type { Rule } from './place.ts';
import { object, oneOf } from './rules.ts';

const tasks: Rule = (value, place) => nestedTasks(value, { ...place, neverUndone: 'extension' });

/** An extension as `use.extensions` defines it. */
export const extension = object({
  title: 'an extension',
  required: ['extend'],
  fields: { extend: oneOf(...extensionTargets), when: expression, before: tasks, after: tasks },
});
