/** Finds the task that a reference names: a JSON Pointer as task runs list it, `/do/1/each/do/0/pack`. Pure. */
import { pointerToken } from './json.ts';
import { namedTask, taskKind } from './types.ts';
import type { Definition, Task, TaskList } from './types.ts';

/** One task on the way to the named one. */
export type LocatedStep = {
  /** What holds the task: the workflow's own list, a task of that type, or a branch of a `fork`. */
  holder: 'root' | 'do' | 'for' | 'try' | 'branch' | 'function';
  /** Its position in that list. */
  index: number;
  name: string;
  task: Task;
  reference: string;
};

/** `steps` go from the outermost task to the named one; `reason` is a sentence for people, without a full stop. */
export type Located = { ok: true; steps: readonly LocatedStep[] } | { ok: false; reason: string };

/** A list of tasks, and where in the definition it stands. */
interface HeldList {
  readonly holder: LocatedStep['holder'];
  /** The pointer below the task that holds the list. */
  readonly at: string;
  readonly tasks: TaskList;
}

/**
 * Locates the task of a definition at which an execution could stand. Tasks that need more than data around them are
 * refused: those of a `catch`, of events that are worked through, of functions, extensions and compensations.
 */
export function locateTask(definition: Definition, reference: string): Located {
  const foreign = outsideOfTasks(reference);
  if (foreign !== undefined) return refused(foreign);
  const steps: LocatedStep[] = [];
  let list: HeldList | undefined = { holder: 'root', at: '/do', tasks: definition.do };
  let parent = '';
  for (;;) {
    const rest = reference.slice(parent.length);
    const found =
      list === undefined || !rest.startsWith(`${list.at}/`) ? undefined : itemOf(list, rest, parent);
    if (found === undefined) return refused(notThere(reference, rest, steps.at(-1)));
    if (typeof found === 'string') return refused(found);
    steps.push(found);
    if (found.reference === reference) return { ok: true, steps };
    list = listOf(found.task);
    parent = found.reference;
  }
}

function refused(reason: string): Located {
  return { ok: false, reason };
}

/** The item of a list that the rest of a reference goes through, why there is none, or undefined for no item at all. */
function itemOf(list: HeldList, rest: string, parent: string): LocatedStep | string | undefined {
  const [position = '', token] = rest.slice(list.at.length + 1).split('/');
  const index = /^(?:0|[1-9]\d{0,8})$/.test(position) ? Number(position) : -1;
  const item = list.tasks[index];
  if (item === undefined || token === undefined) return undefined;
  const { name, task } = namedTask(item);
  const place = `${parent}${list.at}/${index}`;
  const reference = `${place}/${pointerToken(name)}`;
  if (token !== pointerToken(name)) return `the task at ${place} is ${reference}`;
  return { holder: list.holder, index, name, task, reference };
}

/** The list whose tasks run as part of a task, if it has one. A `for` task has `do` too. */
function listOf(task: Task): HeldList | undefined {
  if ('for' in task) return { holder: 'for', at: '/do', tasks: task.do };
  if ('do' in task) return { holder: 'do', at: '/do', tasks: task.do };
  if ('try' in task) return { holder: 'try', at: '/try', tasks: task.try };
  if ('fork' in task) return { holder: 'branch', at: '/fork/branches', tasks: task.fork.branches };
  return undefined;
}

function outsideOfTasks(reference: string): string | undefined {
  if (reference.startsWith('/use/functions/')) return 'a function runs only where a task calls it';
  if (reference.startsWith('/use/extensions/'))
    return 'the tasks of an extension run only around other tasks';
  if (!reference.startsWith('/do/')) return 'the reference of a task begins with /do/';
  return undefined;
}

/** Why no task stands at `reference`, whose `rest` is below the task of the last step. */
function notThere(reference: string, rest: string, last: LocatedStep | undefined): string {
  const kind = last === undefined ? undefined : taskKind(last.task);
  const below = (member: string): boolean => rest === member || rest.startsWith(`${member}/`);
  if (kind === 'try' && below('/catch')) return 'in a catch there is no error to handle';
  if (kind === 'listen' && below('/foreach')) return 'in the foreach of a listener there is no event';
  if (kind === 'call' && below('/with/subscription'))
    return 'in the foreach of a subscription there is no message';
  if (kind === 'call' && below('/call')) return 'a function runs only where a task calls it';
  if (below('/metadata/compensate')) return 'a compensation runs only to undo its task';
  return `there is no task ${reference}`;
}
