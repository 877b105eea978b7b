/** What undoes a task, an extension of Perdure's: `metadata.compensate`. */
import { compensationScope } from './expression-scope.ts';
import { nestedTasks, report, seeing } from './place.ts';
import type { Place, Rule } from './place.ts';
import { anything, boolean, object } from './rules.ts';

const whyNot: Readonly<Record<NonNullable<Place['neverUndone']>, string>> = {
  compensation: 'what undoes a task cannot itself be undone',
  extension: 'the tasks of an extension cannot be undone, only the task that it extends',
};

const compensate: Rule = (value, place) => {
  if (place.neverUndone !== undefined) {
    return report(place, 'value', whyNot[place.neverUndone], { key: true });
  }
  if (Array.isArray(value) && value.length === 0) {
    return report(place, 'value', '"compensate" must have at least one task; without it nothing is undone');
  }
  nestedTasks(value, { ...place, neverUndone: 'compensation' });
};

/** `metadata` of a task: free, but for what undoes the task. `place` sees what stands around the task. */
export function taskMetadata(secretInput: boolean): Rule {
  const fields: Readonly<Record<string, Rule>> = {
    // A call that may come twice without harm: it is sent to another instance of a service where the first fails.
    idempotent: boolean,
    compensate: (value, place) =>
      compensate(value, seeing(place, compensationScope(place.scope, secretInput))),
  };
  return object({ title: 'metadata', fields, others: anything });
}
