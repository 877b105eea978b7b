/** Start at a task: the position of an execution that has come to a task without the ones before it. docs/operations/start-at.md. */
import { standardFault } from '../../dsl/errors.ts';
import type { Json } from '../../dsl/json.ts';
import { locateTask, type LocatedStep } from '../../dsl/task-reference.ts';
import type { Definition } from '../../dsl/types.ts';
import type { StartAt } from '../contract.ts';
import { listFrame, type BodyFrames, type ListFrame, type Position, type TaskHolder } from './position.ts';

/**
 * Puts a position whose root is at its beginning before the task. The tasks around it have begun, each on the same data;
 * branches beside it begin at their start. Faults where the task cannot be begun with, which whoever starts checks before.
 */
export function startAtTask(
  position: Position,
  definition: Definition,
  { task, data, context, iterations = {} }: StartAt,
  input: Json,
): void {
  const located = locateTask(definition, task);
  if (!located.ok)
    throw standardFault('configuration', task, `The execution cannot start there: ${located.reason}`);
  const raw = data ?? input;
  if (context !== undefined) position.context = context;
  const startedAt = Date.now();

  /** Enters a step's task, unless it is the last, which the engine enters by itself. */
  function enter(holder: TaskHolder, [step, next, ...rest]: readonly LocatedStep[]): void {
    if (step === undefined || next === undefined) return;
    position.seq += 1;
    const body: BodyFrames[keyof BodyFrames] = {};
    holder.task = { seq: position.seq, startedAt, input: raw, body };
    if (next.holder === 'branch' && 'fork' in step.task) {
      const branches = step.task.fork.branches.map((): TaskHolder => ({}));
      Object.assign(body, { branches });
      enter(branches[next.index] ?? {}, [next, ...rest]);
      return;
    }
    const list = listFrame(raw);
    if (next.holder === 'for') Object.assign(body, { index: iterations[step.reference] ?? 0, data: raw });
    if (next.holder === 'try') Object.assign(body, { attempt: 1, startedAt });
    Object.assign(body, { list });
    stand(list, [next, ...rest]);
  }

  /** Moves a list to the first of the steps. */
  function stand(list: ListFrame, steps: readonly LocatedStep[]): void {
    const [step, next] = steps;
    list.index = step?.index ?? 0;
    list.data = raw;
    // One that has begun was visited; the named one is about to be.
    if (next !== undefined) list.visits[list.index] = 1;
    enter(list, steps);
  }

  if (position.root !== undefined) stand(position.root, located.steps);
}
