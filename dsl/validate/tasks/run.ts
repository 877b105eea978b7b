import { isJsonObject } from '../../json.ts';
import type { JsonObject } from '../../json.ts';
import { withSecrets } from '../expression-scope.ts';
import { seeing } from '../place.ts';
import type { Rule } from '../place.ts';
import { boolean, exactlyOneOf, oneOf } from '../rules.ts';
import type { TaskForm } from './form.ts';
import { container } from './run-container.ts';
import { script } from './run-script.ts';
import { shell } from './run-shell.ts';
import { workflow } from './run-workflow.ts';

/** Processes are started by activities, which evaluate what names a secret. */
function inActivity(rule: Rule): Rule {
  return (value, place) => rule(value, seeing(place, withSecrets(place.scope)));
}

const run = exactlyOneOf(
  {
    title: 'a run',
    fields: {
      container: inActivity(container),
      script: inActivity(script),
      shell: inActivity(shell),
      workflow,
      await: boolean,
      return: oneOf('stdout', 'stderr', 'code', 'all', 'none'),
    },
  },
  ['container', 'script', 'shell', 'workflow'],
);

/** Whether a run task starts a process of its own, not an execution. */
export function isProcessRun(task: JsonObject): boolean {
  return isJsonObject(task.run) && !Object.hasOwn(task.run, 'workflow');
}

/** "Run": runs a process, which may be another workflow. */
export function runTask(): TaskForm {
  return { title: 'a run task', fields: { run } };
}
