import type { Runner } from '../runner.ts';

/** Gives the data it describes. Open Workflow DSL, "Set". */
export const runSet: Runner<'set'> = (task, input, run) => ({
  output: typeof task.set === 'string' ? run.evaluate(task.set, input) : run.evaluateAll(task.set, input),
});
