/** Lists of tasks: unique names, flow directives that lead somewhere, no task without a way to it. */
import { isJsonObject } from '../json.ts';
import type { Json, JsonObject } from '../json.ts';
import { quote, suggestion } from '../wording.ts';
import { directivesOf, flowDirectives, nextTasks } from './flow.ts';
import { namedItem } from './named-item.ts';
import { below, report } from './place.ts';
import type { Place, Rule } from './place.ts';
import { array } from './rules.ts';
import { task } from './task.ts';

/** A task with its name, as far as the list is in order. */
interface NamedTask {
  readonly name: string;
  readonly task: JsonObject;
  readonly place: Place;
}

const items = array('tasks', namedItem('a task', task));

/** Tasks that follow one another. */
export const taskList: Rule = (value, place) => {
  items(value, place);
  const tasks = tasksOf(value, place);
  reportDuplicates(tasks);
  const astray = reportUnknownTargets(tasks, new Set(tasks.map(({ name }) => name)));
  // With one target unknown, the task that was meant would be called unreachable as well.
  if (!astray) reportUnreachable(tasks);
};

/** Tasks that run at the same time: none of them leads to another. */
export const branchList: Rule = (value, place) => {
  items(value, place);
  const tasks = tasksOf(value, place);
  reportDuplicates(tasks);
  reportUnknownTargets(tasks, new Set());
};

function tasksOf(value: Json, place: Place): readonly NamedTask[] {
  if (!Array.isArray(value)) return [];
  return (value as readonly Json[]).flatMap((item, index) => {
    const [name, found] = isJsonObject(item) ? (Object.entries(item)[0] ?? []) : [];
    if (name === undefined || found === undefined) return [];
    // A broken task still has its name and its place in line.
    return [{ name, task: isJsonObject(found) ? found : {}, place: below(below(place, index), name) }];
  });
}

function reportDuplicates(tasks: readonly NamedTask[]): void {
  const seen = new Set<string>();
  for (const { name, place } of tasks) {
    if (seen.has(name)) {
      report(place, 'duplicate', `the task name ${quote(name)} is used twice in this list`, { key: true });
    }
    if (flowDirectives.has(name)) {
      const message = `"then: ${name}" is a flow directive and never leads to the task of that name`;
      report(place, 'reserved-name', message, { key: true });
    }
    seen.add(name);
  }
}

/** Whether any directive leads nowhere. */
function reportUnknownTargets(tasks: readonly NamedTask[], names: ReadonlySet<string>): boolean {
  let astray = false;
  for (const { task: found, place } of tasks) {
    for (const { path, directive } of directivesOf(found)) {
      if (flowDirectives.has(directive) || names.has(directive)) continue;
      const at = path.reduce<Place>(below, place);
      const near = suggestion(directive, [...flowDirectives, ...names]);
      const message =
        names.size === 0
          ? `branches run at the same time and lead to no task; expected continue, exit or end, found ${quote(directive)}`
          : `no task ${quote(directive)} stands in this list${near || '; a directive leads only to tasks of its own list'}`;
      report(at, 'unknown-target', message);
      astray = true;
    }
  }
  return astray;
}

/** Reports each first task of a stretch that no flow leads to; what follows it is reached through it. */
function reportUnreachable(tasks: readonly NamedTask[]): void {
  const indexes = new Map(tasks.map(({ name }, index) => [name, index] as const).toReversed());
  const reached = new Set<number>();
  const follow = (start: number): void => {
    const open = [start];
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      const found = tasks[index];
      if (found === undefined || reached.has(index)) continue;
      reached.add(index);
      for (const next of nextTasks(found.task)) {
        const target = next === 'continue' ? index + 1 : indexes.get(next);
        if (target !== undefined) open.push(target);
      }
    }
  };
  follow(0);
  for (const [index, { name, place }] of tasks.entries()) {
    if (reached.has(index)) continue;
    report(place, 'unreachable', `no flow leads to the task ${quote(name)}`, { key: true });
    follow(index);
  }
}
