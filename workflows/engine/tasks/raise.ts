import { canonicalErrorType, WorkflowFault } from '../../../dsl/errors.ts';
import type { JsonObject } from '../../../dsl/json.ts';
import { reusable } from '../reusable.ts';
import type { Runner } from '../runner.ts';

/** Raises an error; its instance is this task's pointer. Open Workflow DSL, "Raise" and "Error". */
export const runRaise: Runner<'raise'> = (task, input, run) => {
  const named = run.execution.start.definition.use?.errors;
  const definition = reusable(task.raise.error, named, 'error', run.reference);
  const { type, status, title, detail } = run.evaluateAll({ ...definition }, input) as JsonObject;
  throw new WorkflowFault({
    type: canonicalErrorType(text(type) ?? 'about:blank'),
    status: typeof status === 'number' ? status : Number(text(status)) || 500,
    instance: run.reference,
    title: text(title) ?? 'Error',
    ...(detail === undefined ? {} : { detail: text(detail) }),
  });
};

function text(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
