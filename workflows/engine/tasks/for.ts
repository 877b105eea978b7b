import { freeVariables, isTruthy } from '../../../dsl/evaluate.ts';
import { standardFault } from '../../../dsl/errors.ts';
import type { Json, JsonObject } from '../../../dsl/json.ts';
import type { ForTask } from '../../../dsl/types.ts';
import { after, repeat, type Maybe } from '../maybe-async.ts';
import { listFrame } from '../position.ts';
import type { Outcome, Run, Runner } from '../runner.ts';

/**
 * Runs its tasks once for each item, each time on the output of the time before. The frame keeps the index and never
 * the collection, which each run evaluates anew from the task's input. Open Workflow DSL, "For".
 */
export const runFor: Runner<'for'> = (task, input, run) => {
  const { frame } = run;
  const items = collection(task, input, run);
  frame.index ??= 0;
  // Those of earlier runs are counted too.
  if (frame.index > 0) run.execution.log.iterationEnded(run.record, frame.index);
  if (frame.data === undefined) frame.data = input;
  return repeat(() => iterate(items, run));
};

/** One iteration; gives the task's outcome once there is no further one. */
function iterate(items: readonly Json[], run: Run<'for'>): Maybe<Outcome | undefined> {
  const { frame, task } = run;
  const { index = 0, data = null } = frame;
  const item = items[index];
  if (item === undefined) return { output: data };
  const variables = { [task.for.each ?? 'item']: item, [task.for.at ?? 'index']: index };
  if (frame.list === undefined) {
    if (task.while !== undefined && !isTruthy(run.evaluate(task.while, data, variables)))
      return { output: data };
    frame.list = listFrame(data);
  }
  const site = {
    locals: Object.assign({}, run.locals, variables),
    attempt: run.attempt,
    reference: `${run.reference}/do`,
    path: `${run.path}/for/${index}/do`,
  };
  return after(run.runList(task.do, site, frame.list), (outcome) => {
    frame.data = outcome.output;
    delete frame.list;
    if (outcome.then === 'end') return outcome;
    frame.index = index + 1;
    run.execution.log.iterationEnded(run.record, index + 1);
    return undefined;
  });
}

function collection(task: ForTask, input: Json, run: Run<'for'>): readonly Json[] {
  const written = task.for.in;
  const expression = typeof written === 'string';
  const names = freeVariables(written, { expression, mode: run.execution.mode });
  // What the tasks of the loop export must not change the collection when a later run evaluates it again.
  if (names.has('context') && run.frame.context === undefined) {
    run.frame.context = run.execution.position.context;
  }
  const variables: JsonObject = run.frame.context === undefined ? {} : { context: run.frame.context };
  const items = expression
    ? run.evaluate(written, input, variables)
    : run.evaluateAll(written, input, variables);
  if (Array.isArray(items)) return items as readonly Json[];
  const found = items === null ? 'null' : typeof items;
  throw standardFault('expression', run.reference, `for.in must give an array, it gave ${found}`);
}
