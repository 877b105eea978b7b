/** The tasks on which an execution stands: its frames beside the tasks of the definition to which they belong. */
import { pointerToken, type Json } from '../../dsl/json.ts';
import { calledFunction } from '../../dsl/resources.ts';
import {
  namedTask,
  taskKind,
  type Definition,
  type Task,
  type TaskKind,
  type TaskList,
} from '../../dsl/types.ts';
import { extensionsOf } from './extensions.ts';
import type { BodyFrames, ListFrame, Position, TaskFrame, TaskHolder } from './position.ts';

/** A task that has begun and not completed. */
export interface StandingTask {
  readonly frame: TaskFrame;
  readonly task: Task;
  readonly kind: TaskKind;
  readonly name: string;
  /** JSON Pointer into the definition, as task runs list it. */
  readonly reference: string;
  readonly rawInput: Json;
}

/** Every task that has begun and not completed, from the outermost inwards; also those that undo others. */
export function standingTasks(definition: Definition, position: Position): readonly StandingTask[] {
  const found: StandingTask[] = [];

  function list(tasks: TaskList | undefined, reference: string, frame: ListFrame | undefined): void {
    const item = frame === undefined ? undefined : tasks?.[frame.index];
    if (frame === undefined || item === undefined) return;
    const { name, task } = namedTask(item);
    held(task, name, `${reference}/${frame.index}/${pointerToken(name)}`, frame.data, frame);
  }

  function held(
    task: Task,
    name: string,
    reference: string,
    rawInput: Json,
    { task: frame }: TaskHolder,
  ): void {
    if (frame === undefined) return;
    const kind = taskKind(task);
    found.push({ frame, task, kind, name, reference, rawInput: frame.edited?.input ?? rawInput });
    extensions(frame);
    below(task, reference, frame);
  }

  function extensions({ extensions: state }: TaskFrame): void {
    const index = state?.applied[state.next];
    const defined = index === undefined ? undefined : extensionsOf(definition)[index];
    if (state === undefined || defined === undefined) return;
    const which = state.outcome === undefined ? 'before' : 'after';
    list(defined.extension[which], `${defined.reference}/${which}`, state.list);
  }

  function below(task: Task, reference: string, frame: TaskFrame): void {
    if ('do' in task) list(task.do, `${reference}/do`, bodyOf<'do' | 'for'>(frame).list);
    else if ('try' in task) {
      const body = bodyOf<'try'>(frame);
      list(task.try, `${reference}/try`, body.list);
      list(task.catch.do, `${reference}/catch/do`, body.caught?.list);
    } else if ('fork' in task) {
      for (const [index, branch] of (bodyOf<'fork'>(frame).branches ?? []).entries()) {
        const item = task.fork.branches[index];
        if (item === undefined) continue;
        const { name, task: below } = namedTask(item);
        held(
          below,
          name,
          `${reference}/fork/branches/${index}/${pointerToken(name)}`,
          frame.input ?? null,
          branch,
        );
      }
    } else if ('listen' in task) {
      list(task.foreach?.do, `${reference}/foreach/do`, bodyOf<'listen'>(frame).list);
    } else if ('call' in task) {
      const body = bodyOf<'call'>(frame);
      const called = calledFunction(task.call, definition);
      if (called !== undefined) held(called, task.call, `${reference}/call`, body.arguments ?? null, body);
      const iterator = '/with/subscription/foreach';
      list(iteratedMessages(task), `${reference}${iterator}/do`, body.list);
    }
  }

  list(definition.do, '/do', position.root);
  const { entries = [], lists = [] } = position.compensation ?? {};
  for (const { reference, tasks, undo } of entries)
    list(lists[tasks], `${reference}/metadata/compensate`, undo?.list);
  return found;
}

/** What a task's own type keeps; the caller knows the type. */
export function bodyOf<K extends TaskKind>(frame: TaskFrame): BodyFrames[K] {
  return frame.body;
}

/** The tasks for each message of `call: asyncapi`. */
export function iteratedMessages(task: Task): TaskList | undefined {
  if (!('call' in task) || task.call !== 'asyncapi') return undefined;
  const subscription = task.with?.['subscription'] as
    { readonly foreach?: { readonly do?: TaskList } } | undefined;
  return subscription?.foreach?.do;
}
