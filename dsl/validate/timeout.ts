/** Timeouts of workflows and tasks ("Timeout"). */
import { duration } from './duration.ts';
import type { Rule } from './place.ts';
import { referenceTo } from './reference.ts';
import { object, textOrObject } from './rules.ts';

/** A timeout as `use.timeouts` defines it. */
export const timeoutDefinition = object({
  title: 'a timeout',
  required: ['after'],
  fields: { after: duration },
});

/** A timeout written in place, or the name of one. */
export const timeout: Rule = textOrObject(
  'a timeout, an object with "after" or the name of one',
  referenceTo('timeouts'),
  timeoutDefinition,
);
