/** What the engine and the activities that run processes say to each other. */
import type { JsonObject } from '../../dsl/json.ts';
import type { ProcessReturn } from '../../dsl/types.ts';
import type { CallRequest } from './activities.ts';

/** The kinds of process that a `run` task starts through an activity. */
export type ProcessKind = 'script' | 'shell' | 'container';

/** What a process activity gets; `with` is what the definition says of the script, shell command or container. */
export interface ProcessRequest extends CallRequest<JsonObject> {
  readonly return: ProcessReturn;
  /** Whose process it is: containers are named after it. */
  readonly workflow: { readonly namespace: string; readonly name: string };
  readonly task: string;
  /** The number of the task run in its execution: another one for each retry of `try`. */
  readonly taskRun: number;
}

/** The one argument of the workflow {@link detachedProcessType}. */
export interface DetachedProcess {
  readonly kind: ProcessKind;
  readonly request: ProcessRequest;
}

/** The workflow type of a process that may take long, or that its task does not wait for. */
export const detachedProcessType = 'detachedProcess';
