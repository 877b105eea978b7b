/** What each task type's file says about its tasks. */
import type { JsonObject } from '../../json.ts';
import type { TaskKind } from '../../types.ts';
import type { Rule } from '../place.ts';

/** The fields that a task type adds to those that every task has. Their expressions see the task's body scope. */
export interface TaskForm {
  /** With its article, as in "a wait task". */
  readonly title: string;
  readonly required?: readonly string[];
  readonly fields: Readonly<Record<string, Rule>>;
}

/** The forms of all task types; some depend on what the task says. */
export type TaskForms = Readonly<Record<TaskKind, (task: JsonObject) => TaskForm>>;
