import { branches } from '../place.ts';
import { boolean, object } from '../rules.ts';
import type { TaskForm } from './form.ts';

const fork = object({ title: 'a fork', required: ['branches'], fields: { branches, compete: boolean } });

/** "Fork": runs its branches at the same time. */
export function forkTask(): TaskForm {
  return { title: 'a fork task', fields: { fork } };
}
