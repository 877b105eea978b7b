import { duration, scopeOf } from '../expressions.ts';
import type { Runner } from '../runner.ts';

/** Pauses on a durable timer; the input passes through. Open Workflow DSL, "Wait". */
export const runWait: Runner<'wait'> = async (task, input, run) => {
  const scope = scopeOf(run.execution, input, run.variables);
  run.frame.deadline ??= run.startedAt + duration(task.wait, scope, run.reference);
  await run.sleepUntil(run.frame.deadline);
  return { output: input };
};
