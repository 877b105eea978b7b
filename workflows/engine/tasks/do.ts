import { listFrame } from '../position.ts';
import type { Runner } from '../runner.ts';

/** Runs its tasks in order. Open Workflow DSL, "Do". */
export const runDo: Runner<'do'> = (task, input, run) => {
  run.frame.list ??= listFrame(input);
  return run.runList(
    task.do,
    { ...run, reference: `${run.reference}/do`, path: `${run.path}/do` },
    run.frame.list,
  );
};
