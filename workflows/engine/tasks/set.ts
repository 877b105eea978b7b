import type { Runner } from '../runner.ts';

/** Gives the data it describes. Open Workflow DSL, "Set". */
export const runSet: Runner<'set'> = (task, input, run) => ({ output: run.evaluateAll(task.set, input) });
