import type { Runner } from '../runner.ts';
import { runProcess } from './run-process.ts';
import { runWorkflow } from './run-workflow.ts';

/**
 * Runs a process: another workflow, a script, a shell command or a container. With `await: false` it goes on by itself
 * and the input passes through. Open Workflow DSL, "Run".
 */
export const runRun: Runner<'run'> = (task, input, run) => {
  const { workflow, script, shell, container } = task.run;
  if (workflow !== undefined) return runWorkflow(workflow, input, run);
  if (script !== undefined) return runProcess('script', script, input, run);
  if (shell !== undefined) return runProcess('shell', shell, input, run);
  return runProcess('container', container, input, run);
};
