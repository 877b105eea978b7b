/** Retry policies ("Retry"). */
import { duration } from './duration.ts';
import { expression } from './expressions.ts';
import type { Rule } from './place.ts';
import { referenceTo } from './reference.ts';
import { anyObject, exactlyOneOf, integer, object, textOrObject } from './rules.ts';

/** A policy as `use.retries` defines it. */
export const retryPolicy = object({
  title: 'a retry policy',
  fields: {
    when: expression,
    exceptWhen: expression,
    delay: duration,
    backoff: exactlyOneOf(
      { title: 'a backoff', fields: { constant: anyObject, exponential: anyObject, linear: anyObject } },
      ['constant', 'exponential', 'linear'],
    ),
    limit: object({
      title: 'a retry limit',
      fields: {
        attempt: object({
          title: 'a limit for attempts',
          fields: { count: integer(0), duration },
        }),
        duration,
      },
    }),
    jitter: object({ title: 'a jitter', required: ['from', 'to'], fields: { from: duration, to: duration } }),
  },
});

/** A policy written in place, or the name of one. */
export const retry: Rule = textOrObject(
  'a retry policy, an object or the name of one',
  referenceTo('retries'),
  retryPolicy,
);
