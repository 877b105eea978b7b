import type { Json } from '../../../dsl/json.ts';
import type { Task } from '../../../dsl/types.ts';
import { after, type Maybe } from '../maybe-async.ts';
import type { Outcome, Run } from '../runner.ts';

/**
 * Runs a function: its task, on the call's evaluated `with`, with a data flow of its own. It sees the context and none of
 * the variables around the call. Open Workflow DSL, "Custom Functions".
 */
export function callFunction(called: Task, input: Json, run: Run<'call'>): Maybe<Outcome> {
  const { frame, task, attempt } = run;
  frame.arguments ??= run.evaluateAll(task.with ?? {}, input);
  const site = {
    task: called,
    name: task.call,
    // The member that names the function: what follows is the way within the function's task.
    reference: `${run.reference}/call`,
    path: `${run.path}/call`,
    locals: {},
    attempt,
  };
  return after(run.runTask(site, frame.arguments, frame), (outcome) =>
    outcome.then === 'end' ? outcome : { output: outcome.output },
  );
}
