import { compensate } from './compensation.ts';
import { compensationScope, stageScope } from './expression-scope.ts';
import { lock } from './lock.ts';
import { seeing } from './place.ts';
import type { Rule } from './place.ts';
import { anything, boolean, object } from './rules.ts';

/** `metadata` of a task: free, but for what Perdure reads of it: what undoes the task, and its lock. `place` sees what stands around the task. */
export function taskMetadata(secretInput: boolean): Rule {
  const fields: Readonly<Record<string, Rule>> = {
    // A call that may come twice without harm: it is sent to another instance of a service where the first fails.
    idempotent: boolean,
    compensate: (value, place) =>
      compensate(value, seeing(place, compensationScope(place.scope, secretInput))),
    lock: (value, place) =>
      lock(value, seeing(place, { ...stageScope(place.scope, 'taskBody'), secretInput })),
  };
  return object({ title: 'metadata', fields, others: anything });
}
