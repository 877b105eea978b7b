import { after } from '../maybe-async.ts';
import { listFrame } from '../position.ts';
import type { Runner } from '../runner.ts';

/** Runs its tasks in order, then goes where its own `then` says unless they ended the workflow. Open Workflow DSL, "Do". */
export const runDo: Runner<'do'> = (task, input, run) => {
  run.frame.list ??= listFrame(input);
  const site = { ...run, reference: `${run.reference}/do`, path: `${run.path}/do` };
  return after(run.runList(task.do, site, run.frame.list), (outcome) =>
    outcome.then === 'end' ? outcome : { output: outcome.output },
  );
};
