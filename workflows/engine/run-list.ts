import { pointerToken } from '../../dsl/json.ts';
import { namedTask, type TaskList } from '../../dsl/types.ts';
import type { Execution } from './execution.ts';
import { after, repeat, type Maybe } from './maybe-async.ts';
import type { ListFrame } from './position.ts';
import { runTask } from './run-task.ts';
import type { ListSite, Outcome, Site } from './runner.ts';

/**
 * Runs tasks in order, each on the output of the one before, as their flow directives say. Ends with `end` when a task
 * asked for the workflow's end, with `exit` when one left the list, else with `continue`. Open Workflow DSL, "Task Flow" and "Flow Directive".
 */
export function runList(
  execution: Execution,
  tasks: TaskList,
  site: ListSite,
  frame: ListFrame,
): Maybe<Outcome> {
  return repeat(() => {
    const current = siteAt(tasks, site, frame);
    if (current === undefined) return { output: frame.data, then: 'continue' };
    return after(runTask(execution, current, frame.data, frame, runList), (outcome) =>
      advance(tasks, frame, outcome),
    );
  });
}

/** The current task in its place, or undefined behind the last one. */
function siteAt(tasks: TaskList, site: ListSite, frame: ListFrame): Site | undefined {
  const { index } = frame;
  const item = tasks[index];
  if (item === undefined) return undefined;
  const { name, task } = namedTask(item);
  if (frame.task === undefined && frame.isCounted !== true) {
    frame.visits[index] = (frame.visits[index] ?? 0) + 1;
    frame.isCounted = true;
  }
  const step = `/${index}/${pointerToken(name)}`;
  return {
    task,
    name,
    reference: site.reference + step,
    path: `${site.path}${step}#${frame.visits[index]}`,
    locals: site.locals,
    attempt: site.attempt,
  };
}

/** Moves the frame behind a task that ended; gives the list's outcome when that is its end. */
function advance(tasks: TaskList, frame: ListFrame, outcome: Outcome): Outcome | undefined {
  const { output, then = 'continue' } = outcome;
  frame.data = output;
  frame.isCounted = false;
  if (then === 'end' || then === 'exit') return { output, then };
  frame.index = then === 'continue' ? frame.index + 1 : indexOf(tasks, then);
  return undefined;
}

function indexOf(tasks: TaskList, name: string): number {
  const index = tasks.findIndex((item) => Object.hasOwn(item, name));
  if (index < 0) throw new TypeError(`No task ${name} in this list: the definition was not validated`);
  return index;
}
