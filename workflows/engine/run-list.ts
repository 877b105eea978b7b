import { namedTask, type TaskList } from '../../dsl/types.ts';
import { pointerToken } from '../../dsl/json.ts';
import type { Execution } from './execution.ts';
import type { ListFrame } from './position.ts';
import { runTask } from './run-task.ts';
import type { ListSite, Outcome } from './runner.ts';

/**
 * Runs tasks in order, each on the output of the one before, as their flow directives say. Ends with `end` when a task
 * asked for the workflow's end, else with `continue`. Open Workflow DSL, "Task Flow" and "Flow Directive".
 */
export async function runList(
  execution: Execution,
  tasks: TaskList,
  site: ListSite,
  frame: ListFrame,
): Promise<Outcome> {
  for (let item = tasks[frame.index]; item !== undefined; item = tasks[frame.index]) {
    const { index } = frame;
    const { name, task } = namedTask(item);
    if (frame.task === undefined) frame.visits[index] = (frame.visits[index] ?? 0) + 1;
    const step = `/${index}/${pointerToken(name)}`;
    const outcome = await runTask(
      execution,
      {
        task,
        name,
        reference: site.reference + step,
        path: `${site.path}${step}#${frame.visits[index]}`,
        locals: site.locals,
        attempt: site.attempt,
      },
      frame.data,
      frame,
      runList,
    );
    frame.data = outcome.output;
    const then = outcome.then ?? 'continue';
    if (then === 'end') return { output: outcome.output, then: 'end' };
    if (then === 'exit') break;
    frame.index = then === 'continue' ? index + 1 : indexOf(tasks, then);
  }
  return { output: frame.data, then: 'continue' };
}

function indexOf(tasks: TaskList, name: string): number {
  const index = tasks.findIndex((item) => Object.hasOwn(item, name));
  if (index < 0) throw new TypeError(`No task ${name} in this list: the definition was not validated`);
  return index;
}
