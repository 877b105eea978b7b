/** What undoes a task, an extension of Perdure's: `metadata.compensate`. */
import { nestedTasks, report } from './place.ts';
import type { Place, Rule } from './place.ts';

const whyNot: Readonly<Record<NonNullable<Place['neverUndone']>, string>> = {
  compensation: 'what undoes a task cannot itself be undone',
  extension: 'the tasks of an extension cannot be undone, only the task that it extends',
};

/** The tasks that undo a task. */
export const compensate: Rule = (value, place) => {
  if (place.neverUndone !== undefined) {
    return report(place, 'value', whyNot[place.neverUndone], { key: true });
  }
  if (Array.isArray(value) && value.length === 0) {
    return report(place, 'value', '"compensate" must have at least one task; without it nothing is undone');
  }
  nestedTasks(value, { ...place, neverUndone: 'compensation' });
};
